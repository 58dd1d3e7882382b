package github

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

func TestRefused_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header rest.Header
		body   string
		kind   cmserr.Kind
		says   []string
	}{
		"bad token": {401, nil, `{"message":"Bad credentials"}`, cmserr.Unauthenticated, []string{"Sign in again"}},
		"single sign-on": {403, rest.Header{"x-github-sso": "required; url=https://github.com/orgs/octo/sso?authorization_request=SECRET"},
			`{"message":"Resource protected by organization SAML enforcement."}`, cmserr.Forbidden,
			[]string{"single sign-on", "https://github.com/orgs/octo/sso,"}},
		"app not approved": {403, nil, "{\"message\":\"Although you appear to have the correct authorization credentials, the `octo` organization has enabled OAuth App access restrictions\"}",
			cmserr.Forbidden, []string{"owners to approve"}},
		"fine-grained token": {403, nil, `{"message":"Resource not accessible by personal access token"}`, cmserr.Forbidden,
			[]string{"Contents", "Pull requests"}},
		"protected branch": {422, nil, `{"message":"Repository rule violations found","errors":[{"message":"Changes must be made through a pull request."}]}`,
			cmserr.Forbidden, []string{"protected", "through a pull request", "editorial_workflow"}},
		"protected ref": {403, nil, `{"message":"Protected branch update failed for refs/heads/main."}`, cmserr.Forbidden, []string{"protected"}},
		"archived":      {403, nil, `{"message":"Repository was archived so is read-only."}`, cmserr.Forbidden, []string{"archived"}},
		"empty":         {409, nil, `{"message":"Git Repository is empty."}`, cmserr.NotFound, []string{"first commit"}},
		"wrong address": {404, rest.Header{"content-type": "text/html"}, `<html>`, cmserr.NotFound, []string{"api_root"}},
		"hidden":        {404, rest.Header{"content-type": "application/json"}, `{"message":"Not Found"}`, cmserr.NotFound, []string{"may not see it"}},
		"trouble":       {502, nil, `<html>`, cmserr.Network, []string{"githubstatus.com"}},
		"validation": {422, nil, `{"message":"Validation Failed","errors":[{"message":"No commits between main and x"}]}`,
			cmserr.Invalid, []string{"No commits between main and x."}},
		"anything": {418, nil, ``, cmserr.Unknown, []string{"not known"}},
	} {
		header := rest.Header{"content-type": "application/json"}
		for k, v := range c.header {
			header[k] = v
		}
		e := cmserr.From(refused(&rest.Response{Status: c.status, Header: header, Body: []byte(c.body)}))
		if e.Kind != c.kind || e.Status != c.status || strings.Contains(e.Msg, "SECRET") {
			t.Errorf("%s: %+v, want %v", name, e, c.kind)
		}
		for _, part := range c.says {
			if !strings.Contains(e.Msg, part) {
				t.Errorf("%s: %q does not say %q", name, e.Msg, part)
			}
		}
	}
}

func TestAnswerErr_HasAKindForEachType(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]cmserr.Kind{
		"NOT_FOUND": cmserr.NotFound, "FORBIDDEN": cmserr.Forbidden, "INSUFFICIENT_SCOPES": cmserr.Forbidden,
		"STALE_DATA": cmserr.Conflict, "UNPROCESSABLE": cmserr.Invalid, "RATE_LIMITED": cmserr.RateLimited,
		"MAX_NODE_LIMIT_EXCEEDED": cmserr.Invalid, "SOMETHING_NEW": cmserr.Unknown,
	} {
		a, err := graphql.Decode("GitHub", gjson.Parse(`{"data":null,"errors":[{"type":"`+kind+`","message":"It said so"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if e := cmserr.From(refusedQuery(a)); e.Kind != want || e.Msg == "" {
			t.Errorf("%s: %v %q, want %v", kind, e.Kind, e.Msg, want)
		}
	}
}

func TestTooMuch_IsWhatGitHubSaysWhenItGivesUp(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]bool{
		`{"type":"MAX_NODE_LIMIT_EXCEEDED","message":"too many"}`:                                         true,
		`{"message":"Query has complexity of 300, which exceeds max complexity of 200"}`:                  true,
		`{"message":"Something went wrong while executing your query. This may be the result of a time"}`: true,
		`{"type":"NOT_FOUND","message":"no"}`:                                                             false,
	} {
		a, err := graphql.Decode("GitHub", gjson.Parse(`{"data":null,"errors":[`+said+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		if tooMuch(refusedQuery(a)) != want {
			t.Errorf("%s: %v", said, !want)
		}
	}
	if !tooMuch(refused(&rest.Response{Status: 502})) || tooMuch(refused(&rest.Response{Status: 500})) || tooMuch(nil) {
		t.Error("by status")
	}
}

func TestGraphQLLimit_IsARefusalWithoutData(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`: true,
		`{"data":{"a":1},"errors":[{"type":"RATE_LIMITED"}]}`:                      false,
		`{"data":{"a":1}}`: false,
		`not JSON`:         false,
	} {
		if _, got := graphQLLimit(&rest.Response{Status: 200, Body: []byte(body)}); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}
