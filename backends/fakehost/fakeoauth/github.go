package fakeoauth

import (
	"net/http"
	"strings"
)

// githubError is one of those that come with 200, as all of the token endpoint's
// do.
func githubError(name, description, page string) refusal {
	return refusal{http.StatusOK, name, description, page}
}

const (
	githubTokenPage = "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/"
	githubPage      = "/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/"
)

var (
	githubCredentials = githubError("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.",
		githubTokenPage+"#incorrect-client-credentials")
	githubRefresh = githubError("bad_refresh_token", "The refresh token passed is incorrect or expired.", "")
)

// github: https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
// and https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors.
// With a TokenLifetime it is a GitHub App, whose tokens end:
// https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
var github = dialect{
	name: "GitHub", authorize: "/login/oauth/authorize", token: "/login/oauth/access_token",
	prefix: "gho_", refreshPrefix: "ghr_", tokenType: "bearer", rotate: true,
	needsSecret: true, looseRedirects: true, endsOld: true, form: true, assumesCode: true, onlyS256: true, brokerScope: "repo,user",
	scopes: func(_ *App, asked string) ([]string, bool) { return words(asked), true },
	answer: func(i issued, _ bool) map[string]any {
		out := map[string]any{"access_token": i.access, "token_type": "bearer", "scope": strings.Join(i.scopes, ",")}
		if i.lifetime > 0 {
			out["expires_in"], out["refresh_token"] = seconds(i.lifetime), i.refresh
			out["refresh_token_expires_in"] = 15_897_600 // six months
			if i.refreshLifetime > 0 {
				out["refresh_token_expires_in"] = seconds(i.refreshLifetime)
			}
		}
		return out
	},
	refusals: map[reason]refusal{
		unknownApp:          {status: http.StatusNotFound, name: "Not Found", description: "This is not the web page you are looking for."},
		unknownUser:         {name: "invalid_request", description: "Nobody of that name is signed in."},
		wrongRedirect:       githubError("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.", githubPage+"#redirect-uri-mismatch"),
		denied:              githubError("access_denied", "The user has denied your application access.", githubPage+"#access-denied"),
		unsupportedResponse: githubError("unsupported_response_type", "The response type is not supported.", ""),
		wrongMethod:         githubError("invalid_request", "The code_challenge_method MUST be S256.", ""),
		unsupportedGrant:    githubError("unsupported_grant_type", "The grant_type is not supported.", ""),
		unknownClient:       githubCredentials,
		otherRedirect:       githubError("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.", githubPage+"#redirect-uri-mismatch2"),
		emptySecret:         githubCredentials,
		wrongSecret:         githubCredentials,
		emptySecretRenewing: githubCredentials,
		wrongSecretRenewing: githubCredentials,
		unknownRefresh:      githubRefresh,
		usedRefresh:         githubRefresh,
		expiredRefresh:      githubRefresh,
	},
	other: githubError("bad_verification_code", "The code passed is incorrect or expired.", githubTokenPage+"#bad-verification-code"),
}
