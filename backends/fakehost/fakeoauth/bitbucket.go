package fakeoauth

import (
	"strings"
	"time"
)

var bitbucketUnauthorized = refusal{name: "unauthorized_client",
	description: "Requests must be authenticated using OAuth client credentials"}

// bitbucket: https://developer.atlassian.com/cloud/bitbucket/oauth-2. It grants
// an app its registered scopes, whatever it asks for. Since May 2026 refresh tokens
// are good once and "scopes" is called "scope"
// (https://community.developer.atlassian.com/t/oauth-2-0-and-api-authentication-changes-for-bitbucket-cloud/99003);
// without Settings.Rotate it is as it was before.
var bitbucket = dialect{
	name: "Bitbucket", authorize: "/site/oauth2/authorize", token: "/site/oauth2/access_token",
	tokenType: "bearer", lifetime: 2 * time.Hour, implicit: true, rotate: true,
	needsSecret: true, ignoresPKCE: true, looseRedirects: true, keepsRefresh: true, scopeInFragment: "scopes",
	scopes: func(a *App, _ string) ([]string, bool) { return a.Scopes, true },
	answer: func(i issued, rotate bool) map[string]any {
		name := "scopes"
		if rotate {
			name = "scope"
		}
		return i.renewable(map[string]any{"access_token": i.access, "token_type": "bearer", "state": i.grantType,
			name: strings.Join(i.scopes, " ")})
	},
	refusals: map[reason]refusal{
		unknownApp:          {name: "invalid_request", description: "Invalid client_id. This integration is misconfigured. Contact the vendor for assistance."},
		wrongRedirect:       {name: "invalid_request", description: "Invalid redirect_uri. This integration is misconfigured. Contact the vendor for assistance."},
		unknownUser:         {name: "access_denied", description: "Nobody of that name is signed in."},
		denied:              {name: "access_denied", description: "The resource owner denied the request."},
		unsupportedResponse: {name: "unsupported_response_type", description: "The response type is not supported."},
		unsupportedGrant:    {name: "unsupported_grant_type", description: "Unsupported grant type"},
		unreadable:          {name: "invalid_request", description: "The request body can't be read"},
		unknownClient:       bitbucketUnauthorized,
		emptySecret:         bitbucketUnauthorized,
		wrongSecret:         bitbucketUnauthorized,
		emptySecretRenewing: bitbucketUnauthorized,
		wrongSecretRenewing: bitbucketUnauthorized,
		unknownRefresh:      {name: "invalid_grant", description: "Invalid refresh_token"},
		usedRefresh:         {name: "invalid_grant", description: "Invalid refresh_token"},
		expiredRefresh:      {name: "invalid_grant", description: "Invalid refresh_token"},
		otherRedirect:       {name: "invalid_grant", description: "Invalid redirect_uri"},
	},
	other: refusal{name: "invalid_grant", description: "The specified code is not valid."},
}
