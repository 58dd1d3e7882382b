package fakegitea

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Confidential is the id of an OAuth app that was registered as confidential,
// which no browser can use: it has no secret. Any other id is nobody's.
const Confidential = "confidential-app"

// accessToken: POST /login/oauth/access_token, as JSON or as a form, for the
// errors that it answers (routers/web/auth/oauth2_provider.go). Nobody gets a
// token.
func accessToken(c *call) (*answer, error) {
	var in struct {
		GrantType string `json:"grant_type"`
		ClientID  string `json:"client_id"`
		Secret    string `json:"client_secret"`
	}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		if json.Unmarshal(c.body, &in) != nil {
			return oauthError("invalid_request", "cannot parse the request body")
		}
	} else if form, err := url.ParseQuery(string(c.body)); err == nil {
		in.GrantType, in.ClientID, in.Secret = form.Get("grant_type"), form.Get("client_id"), form.Get("client_secret")
	}
	code := map[string]string{"authorization_code": "unauthorized_client", "refresh_token": "invalid_client"}[in.GrantType]
	switch {
	case code == "":
		return oauthError("unsupported_grant_type", "Only refresh_token or authorization_code grant type is supported")
	case in.ClientID != Confidential:
		return oauthError("invalid_client", "cannot load client with client id: '"+in.ClientID+"'")
	case in.Secret == "":
		return oauthError(code, "invalid empty client secret")
	}
	return oauthError(code, "invalid client secret")
}

func oauthError(code, text string) (*answer, error) {
	return &answer{status: http.StatusBadRequest, body: obj{"error": code, "error_description": text}}, nil
}
