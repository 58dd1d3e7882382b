package bitbucket

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

func TestRefused_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	said := func(message string) string { return `{"type":"error","error":{"message":"` + message + `"}}` }
	for name, c := range map[string]struct {
		status int
		body   string
		kind   cmserr.Kind
		says   []string
	}{
		"bad token":     {401, said("Token is invalid, expired, or not supported for this endpoint."), cmserr.Unauthenticated, []string{"Sign in again"}},
		"expired token": {401, said("Access token expired. Use your refresh token to obtain a new access token."), cmserr.Unauthenticated, []string{"expired"}},
		"OAuth's error": {401, `{"error":"invalid_grant"}`, cmserr.Unauthenticated, []string{"Sign in again"}},
		"scope": {403, `{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["repository"],"required":["repository:write"]}}}`,
			cmserr.Forbidden, []string{"permissions", "privilege scopes. It has repository; it needs repository:write."}},
		"no access":         {403, said("Access denied. You must have write or admin access."), cmserr.Forbidden, []string{"write access", "Access denied"}},
		"nothing said":      {403, ``, cmserr.Forbidden, []string{"write access."}},
		"restricted branch": {403, said("Permission denied to update branch main."), cmserr.Forbidden, []string{"restricted", "main"}},
		"network address":   {403, said("To access this repository, an admin must whitelist your IP. Your IP address is not whitelisted."), cmserr.Forbidden, []string{"network addresses"}},
		"two steps":         {403, said("To access this repository, enable two-step verification."), cmserr.Forbidden, []string{"two-step"}},
		"read-only":         {403, said("This repository is in read-only mode."), cmserr.Forbidden, []string{"read-only", "plan"}},
		"size":              {400, said("Push rejected: repository size limit exceeded."), cmserr.Forbidden, []string{"no room"}},
		"no file":           {404, said("No such file or directory: posts/Repository x.md"), cmserr.NotFound, []string{"file or folder"}},
		"no repository":     {404, said("Repository octo/none not found"), cmserr.NotFound, []string{"backend.repo"}},
		"no such thing":     {404, said("Resource not found"), cmserr.NotFound, []string{"no such thing"}},
		"no API":            {404, "<html>", cmserr.Unsupported, []string{"api_root", "/2.0"}},
		"gone":              {410, said("CHANGE-2770 - Functionality has been deprecated"), cmserr.NotFound, []string{"deprecated"}},
		"fields":            {400, `{"type":"error","error":{"fields":{"source":["branch not found: x","twice"]},"message":"Bad request"}}`, cmserr.Invalid, []string{"Bad request source: branch not found: x, twice."}},
		"detail":            {400, `{"type":"error","error":{"message":"No.","detail":"Because"}}`, cmserr.Invalid, []string{"No. Because."}},
		"too large":         {413, "", cmserr.Invalid, []string{"Git LFS"}},
		"too slow":          {555, said("The request timed out."), cmserr.Network, []string{"too long"}},
		"trouble":           {500, said("Something went wrong"), cmserr.Unknown, []string{"status.atlassian.com"}},
		"plain text":        {400, "Bad Request", cmserr.Invalid, []string{"Bad Request."}},
		"half JSON":         {400, `{"type":`, cmserr.Invalid, []string{"not known"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := "application/json; charset=utf-8"
			if !strings.HasPrefix(c.body, "{") {
				kind = "text/plain"
			}
			e := cmserr.From(refused(&rest.Response{Status: c.status, Header: rest.Header{"content-type": kind}, Body: []byte(c.body)}))
			if e.Kind != c.kind || e.Status != c.status {
				t.Errorf("%v with status %d, want %v", e.Kind, e.Status, c.kind)
			}
			for _, text := range c.says {
				if !strings.Contains(e.Msg, text) {
					t.Errorf("%q says nothing of %q", e.Msg, text)
				}
			}
			if strings.HasSuffix(e.Msg, "..") || !strings.HasSuffix(e.Msg, ".") {
				t.Errorf("%q ends oddly", e.Msg)
			}
		})
	}
}
