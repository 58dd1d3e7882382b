package fakeoauth

import (
	"regexp"
	"slices"
	"time"
)

var giteaScope = regexp.MustCompile(`^(?:all|public-only|(?:read|write):(?:activitypub|admin|issue|misc|notification|organization|package|repository|user))$`)

// gitea: https://docs.gitea.com/development/oauth2-provider; its words are
// those of routers/web/auth/oauth2_provider.go.
var gitea = dialect{
	name: "Gitea", authorize: "/login/oauth/authorize", token: "/login/oauth/access_token",
	tokenType: "bearer", lifetime: time.Hour, needsPKCE: true, endsReplayed: true, brokerScope: "write:repository read:user",
	// A list with a scope that nobody knows counts as none, and none is all
	// (services/oauth2_provider/access_token.go).
	scopes: func(_ *App, asked string) ([]string, bool) {
		openID := func(s string) bool { return slices.Contains([]string{"openid", "profile", "email", "groups"}, s) }
		scopes := slices.DeleteFunc(words(asked), openID)
		stranger := func(s string) bool { return !giteaScope.MatchString(s) }
		if len(scopes) == 0 || slices.ContainsFunc(scopes, stranger) {
			scopes = []string{"all"}
		}
		return scopes, true
	},
	answer: func(i issued, _ bool) map[string]any {
		return i.renewable(map[string]any{"access_token": i.access, "token_type": "bearer"})
	},
	refusals: map[reason]refusal{
		unknownApp:          {name: "unauthorized_client", description: "Client ID not registered"},
		wrongRedirect:       {name: "invalid_request", description: "Unregistered Redirect URI"},
		unknownUser:         {name: "access_denied", description: "nobody of that name is signed in"},
		denied:              {name: "access_denied", description: "the request is denied"},
		unsupportedResponse: {name: "unsupported_response_type", description: "Only code response type is supported."},
		missingPKCE:         {name: "invalid_request", description: "PKCE is required for public clients"},
		wrongMethod:         {name: "invalid_request", description: "unsupported code challenge method"},
		unreadable:          {name: "invalid_request", description: "cannot parse the request body"},
		unsupportedGrant:    {name: "unsupported_grant_type", description: "Only refresh_token or authorization_code grant type is supported"},
		unknownClient:       {name: "invalid_client", description: "cannot load client with client id: '%s'"},
		emptySecret:         {name: "unauthorized_client", description: "invalid empty client secret"},
		wrongSecret:         {name: "unauthorized_client", description: "invalid client secret"},
		emptySecretRenewing: {name: "invalid_client", description: "invalid empty client secret"},
		wrongSecretRenewing: {name: "invalid_client", description: "invalid client secret"},
		otherRedirect:       {name: "invalid_grant", description: "redirect_uri differs from the original authorization request"},
		unknownCode:         {name: "unauthorized_client", description: "client is not authorized"},
		usedCode:            {name: "invalid_grant", description: "authorization code already used"},
		expiredCode:         {name: "invalid_grant", description: "authorization code expired"},
		wrongVerifier:       {name: "unauthorized_client", description: "failed PKCE code challenge"},
		unknownRefresh:      {name: "unauthorized_client", description: "unable to parse refresh token"},
		expiredRefresh:      {name: "unauthorized_client", description: "unable to parse refresh token"},
		usedRefresh:         {name: "unauthorized_client", description: "token was already used"},
	},
	other: refusal{name: "invalid_grant", description: "invalid grant"},
}
