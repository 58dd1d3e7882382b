package fakeoauth

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	gitlabInvalid = "The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed."
	gitlabClient  = "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
	gitlabGrant   = "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
)

var gitlabUnauthorized = refusal{status: http.StatusUnauthorized, name: "invalid_client", description: gitlabClient}

// gitlab has the words of Doorkeeper (config/locales/en.yml):
// https://docs.gitlab.com/api/oauth2
var gitlab = dialect{
	name: "GitLab", authorize: "/oauth/authorize", token: "/oauth/token", revoke: "/oauth/revoke",
	tokenType: "Bearer", lifetime: 2 * time.Hour, cors: true, rotate: true,
	needsRedirect: true, endsOld: true, endsReplayed: true, brokerScope: "api",
	scopes: func(a *App, asked string) ([]string, bool) {
		scopes := words(asked)
		if len(scopes) == 0 {
			scopes = []string{"api"}
		}
		stranger := func(s string) bool { return !slices.Contains(a.Scopes, s) }
		return scopes, !slices.ContainsFunc(scopes, stranger)
	},
	answer: func(i issued, _ bool) map[string]any {
		out := map[string]any{"access_token": i.access, "token_type": "Bearer", "scope": strings.Join(i.scopes, " "),
			"created_at": i.created.Unix()}
		return i.renewable(out)
	},
	refusals: map[reason]refusal{
		unknownApp:          gitlabUnauthorized,
		unknownClient:       gitlabUnauthorized,
		emptySecret:         gitlabUnauthorized,
		wrongSecret:         gitlabUnauthorized,
		emptySecretRenewing: gitlabUnauthorized,
		wrongSecretRenewing: gitlabUnauthorized,
		unknownUser:         {name: "access_denied", description: "Nobody of that name is signed in."},
		wrongRedirect:       {name: "invalid_redirect_uri", description: "The redirect URI included is not valid."},
		denied:              {name: "access_denied", description: "The resource owner or authorization server denied the request."},
		unsupportedResponse: {name: "unsupported_response_type", description: "The authorization server does not support this response type."},
		wrongScope:          {name: "invalid_scope", description: "The requested scope is invalid, unknown, or malformed."},
		wrongMethod:         {name: "invalid_code_challenge_method", description: "The code challenge method must be plain or S256."},
		unsupportedGrant:    {name: "unsupported_grant_type", description: "The authorization grant type is not supported by the authorization server."},
		unreadable:          {name: "invalid_request", description: gitlabInvalid},
		missingRedirect:     {name: "invalid_request", description: gitlabInvalid},
	},
	other: refusal{name: "invalid_grant", description: gitlabGrant},
}
