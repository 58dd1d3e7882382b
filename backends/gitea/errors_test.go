package gitea

import (
	"context"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

func TestRefused_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		mime   string
		body   string
		kind   cmserr.Kind
		says   []string
	}{
		"bad token": {401, "json", `{"message":"invalid username, password or token"}`, cmserr.Unauthenticated, []string{"Sign in again"}},
		"scopes": {403, "json", `{"message":"token does not have at least one of required scope(s), required=[write:repository], token scope=read:user"}`,
			cmserr.Forbidden, []string{"repository: read and write", "required=[write:repository]"}},
		"confidential app": {400, "json", `{"error":"unauthorized_client","error_description":"invalid empty client secret"}`,
			cmserr.Unauthenticated, []string{"Confidential client"}},
		"refresh of one": {400, "json", `{"error":"invalid_client","error_description":"invalid empty client secret"}`,
			cmserr.Unauthenticated, []string{"Confidential client"}},
		"protected branch": {403, "json", `{"message":"user cannot commit to repo [user: octo]"}`, cmserr.Forbidden, []string{"protected"}},
		"protected by a hook": {403, "json", `{"message":"Not allowed to push to protected branch main"}`, cmserr.Forbidden,
			[]string{"protected", "Not allowed to push"}},
		"protected file":  {403, "json", `{"message":"path is protected and can not be changed [path: a]"}`, cmserr.Forbidden, []string{"file is protected"}},
		"no write access": {403, "json", `{"message":"user should have a permission to write to the target branch"}`, cmserr.Forbidden, []string{"write access"}},
		"hook":            {403, "json", `{"message":"pre-receive hook declined: no cats"}`, cmserr.Forbidden, []string{"hook", "no cats"}},
		"archived":        {423, "json", `{"message":"octo/site is not allowed to edit"}`, cmserr.Forbidden, []string{"archived"}},
		"empty":           {404, "json", `{"message":"Git Repository is empty."}`, cmserr.NotFound, []string{"first commit"}},
		"too large":       {413, "html", `<html>`, cmserr.Invalid, []string{"more than the server takes"}},
		"quota":           {413, "json", `{"message":"quota exceeded"}`, cmserr.Invalid, []string{"more than"}},
		"long name":       {422, "json", `{"message":"[NewBranchName]: MaxSize"}`, cmserr.Invalid, []string{"shorter"}},
		"bad name":        {422, "json", `{"message":"path contains a malformed path component [path: .git/a]"}`, cmserr.Invalid, []string{".git/a"}},
		"wrong address":   {404, "html", `<html>`, cmserr.Unsupported, []string{"api_root", "/api/v1"}},
		"old server":      {404, "plain", "404 page not found\n", cmserr.Unsupported, []string{"too old"}},
		"hidden":          {404, "json", `{"errors":null,"message":"not found"}`, cmserr.NotFound, []string{"may not see it"}},
		"null":            {404, "json", `null`, cmserr.NotFound, []string{"may not see it"}},
		"trouble":         {500, "json", `{"message":""}`, cmserr.Unknown, []string{"administrator"}},
		"gateway":         {502, "html", `<html>bad gateway</html>`, cmserr.Network, []string{"Try again"}},
		"validation":      {422, "json", `{"message":"head is base"}`, cmserr.Invalid, []string{"head is base."}},
		"anything":        {418, "plain", ``, cmserr.Unknown, []string{"not known"}},
	} {
		e := cmserr.From(refused(&rest.Response{Status: c.status, Header: rest.Header{"content-type": "text/" + c.mime}, Body: []byte(c.body)}))
		if e.Kind != c.kind || e.Status != c.status || strings.Contains(e.Msg, "<html>") {
			t.Errorf("%s: %+v, want %v", name, e, c.kind)
		}
		for _, part := range c.says {
			if !strings.Contains(e.Msg, part) {
				t.Errorf("%s: %q does not say %q", name, e.Msg, part)
			}
		}
	}
}

// silent never answers.
type silent struct{ err error }

func (s silent) Do(context.Context, *rest.Request) (*rest.Response, error) { return nil, s.err }

func TestReachable_TellsOfCORS(t *testing.T) {
	t.Parallel()
	r, err := Open(Config{Repo: "o/r", APIRoot: "https://git.example/api/v1"}, Env{
		Doer: silent{cmserr.New(cmserr.Network, "Failed to fetch")}, Token: resttest.Token(""),
		Govern: rest.Options{Attempts: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Head(t.Context(), "main")
	for _, part := range []string{"https://git.example", "[cors]", "ALLOW_DOMAIN"} {
		if !cmserr.Is(err, cmserr.Network) || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
	_, err = reachable{silent{cmserr.New(cmserr.Canceled, "Enough")}}.Do(t.Context(), &rest.Request{})
	if !cmserr.Is(err, cmserr.Canceled) || strings.Contains(err.Error(), "cors") {
		t.Errorf("%v", err)
	}
}
