package gitgateway

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

const (
	asJSON = "application/json"
	asPage = "text/html; charset=utf-8"
)

func TestRefused_Table(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		kind, body string
		want       cmserr.Kind
		says       string
	}{
		"no site":         {404, asJSON, `{"code":404,"msg":"Unable to locate site configuration"}`, cmserr.Invalid, "enabled for the site"},
		"no repository":   {404, asJSON, `{"code":404,"msg":"No GitHub Settings Configured"}`, cmserr.Invalid, "no repository at Provider"},
		"a single page":   {200, asPage, "<!doctype html>", cmserr.Invalid, "gateway_url"},
		"a page":          {404, asPage, "<h1>Page not found</h1>", cmserr.Invalid, "gateway_url"},
		"a text":          {404, "text/plain", "Not Found - Request ID: 1", cmserr.Invalid, "gateway_url"},
		"role":            {401, asJSON, `{"code":401,"msg":"Access to endpoint not allowed: your role doesn't allow access"}`, cmserr.Forbidden, "roles"},
		"restricted":      {401, asJSON, `{"code":401,"msg":"Access to endpoint not allowed: this part of GitHub's API has been restricted"}`, cmserr.Unsupported, "does not pass this part of Provider"},
		"expired":         {401, asJSON, `{"code":401,"msg":"Invalid token: token is expired by 2s"}`, cmserr.Unauthenticated, "Sign in again"},
		"no token":        {401, asJSON, `{"code":401,"msg":"This endpoint requires a Bearer token"}`, cmserr.Unauthenticated, "Sign in again"},
		"no words":        {401, "", "", cmserr.Unauthenticated, "Sign in again"},
		"GitHub's 401":    {401, asJSON, `{"message":"Bad credentials","documentation_url":"https://docs.github.com"}`, cmserr.Forbidden, "reissue"},
		"GitLab's 401":    {401, asJSON, `{"error":"invalid_token","error_description":"Token was revoked."}`, cmserr.Forbidden, "reissue"},
		"Bitbucket's 401": {401, asJSON, `{"type":"error","error":{"message":"Access token expired."}}`, cmserr.Forbidden, "reissue"},
		"a narrow token":  {403, asJSON, `{"message":"Resource not accessible by integration"}`, cmserr.Forbidden, "reissue"},
		"its own words":   {400, asJSON, `{"code":400,"msg":"Operator signature missing"}`, cmserr.Invalid, "refused: Operator signature missing."},
		"its own 404":     {404, asJSON, `{"code":404,"msg":"Nothing here"}`, cmserr.Invalid, "refused: Nothing here."},
		"its own trouble": {500, asJSON, `{"code":500,"msg":"Internal server error"}`, cmserr.Unknown, "refused: Internal server error."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := &rest.Response{Status: c.status, Header: rest.Header{"content-type": c.kind}, Body: []byte(c.body)}
			e := cmserr.From((&door{provider: "Provider"}).refused(res, false))
			if e.Kind != c.want || !strings.Contains(e.Msg, c.says) {
				t.Errorf("got %v: %s", e.Kind, e.Msg)
			}
			if e.Status == 404 {
				t.Error("a missing gateway is taken for a missing file")
			}
		})
	}
}

func TestRefused_LeavesTheProvidersAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		kind, body string
		file       bool
	}{
		"data":               {status: 200, kind: asJSON, body: `{"msg":"a file may say so"}`},
		"a missing file":     {status: 404, kind: asJSON, body: `{"message":"Not Found"}`},
		"a protection":       {status: 403, kind: asJSON, body: `{"message":"Protected branch"}`},
		"nothing, a page":    {status: 201, kind: asPage},
		"a file, a page":     {status: 200, kind: asPage, body: "<html>", file: true},
		"an outage":          {status: 502},
		"an outage, said":    {status: 503, kind: asJSON, body: `{"code":503,"msg":"later"}`},
		"too many":           {status: 429, kind: asJSON, body: `{"code":429,"msg":"Rate limit exceeded"}`},
		"a page of GitHub's": {status: 502, kind: asPage, body: "<html>unicorn</html>"},
	} {
		res := &rest.Response{Status: c.status, Header: rest.Header{"content-type": c.kind}, Body: []byte(c.body)}
		if err := (&door{provider: "Provider"}).refused(res, c.file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
