package gitlab

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
		body   string
		kind   cmserr.Kind
		says   []string
	}{
		"bad token":     {401, `{"message":"401 Unauthorized"}`, cmserr.Unauthenticated, []string{"Sign in again"}},
		"expired token": {401, `{"error":"invalid_token","error_description":"Token is expired."}`, cmserr.Unauthenticated, []string{"expired"}},
		"scope": {403, `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}`,
			cmserr.Forbidden, []string{"scope “api”"}},
		"protected":    {403, `{"message":"403 Forbidden - You are not allowed to push into this branch"}`, cmserr.Forbidden, []string{"protected", "editorial_workflow"}},
		"protected 2":  {400, `{"message":"You are not allowed to push into this branch"}`, cmserr.Forbidden, []string{"protected"}},
		"push rule":    {400, `{"message":"GitLab: Commit message does not follow the pattern '^JIRA-'"}`, cmserr.Forbidden, []string{"rules", "JIRA-"}},
		"author":       {400, `{"message":"GitLab: Committer's email 'a@b' does not follow the pattern '@corp'"}`, cmserr.Forbidden, []string{"@corp"}},
		"hook":         {400, `{"message":"pre-receive hook declined"}`, cmserr.Forbidden, []string{"declined"}},
		"role":         {403, `{"message":"403 Forbidden"}`, cmserr.Forbidden, []string{"Developer"}},
		"reason":       {403, `{"message":"403 Forbidden - Project is not included in the fork network"}`, cmserr.Forbidden, []string{"fork network"}},
		"archived":     {403, `{"message":"The project is archived"}`, cmserr.Forbidden, []string{"unarchive"}},
		"project":      {404, `{"message":"404 Project Not Found"}`, cmserr.NotFound, []string{"backend.repo"}},
		"anything":     {404, `{"message":"404 Branch Not Found"}`, cmserr.NotFound, []string{"may not see it"}},
		"wrong root":   {404, `<html>`, cmserr.NotFound, []string{"api_root", "/api/v4"}},
		"too large":    {413, ``, cmserr.Invalid, []string{"smaller"}},
		"trouble":      {502, `<html>`, cmserr.Network, []string{"status.gitlab.com"}},
		"validation":   {400, `{"message":{"labels":["are too many"],"base":["is wrong"]}}`, cmserr.Invalid, []string{"labels are too many, is wrong."}},
		"a list":       {409, `{"message":["Another open merge request already exists for this source branch: !5"]}`, cmserr.Conflict, []string{"!5."}},
		"nobody knows": {418, ``, cmserr.Unknown, []string{"not known"}},
	} {
		header := rest.Header{"content-type": "application/json"}
		if strings.HasPrefix(c.body, "<") {
			header["content-type"] = "text/html"
		}
		e := cmserr.From(refused(&rest.Response{Status: c.status, Header: header, Body: []byte(c.body)}))
		if e.Kind != c.kind || e.Status != c.status {
			t.Errorf("%s: %+v, want %v", name, e, c.kind)
		}
		for _, part := range c.says {
			if !strings.Contains(e.Msg, part) {
				t.Errorf("%s: %q does not say %q", name, e.Msg, part)
			}
		}
	}
}

func TestRefusedQuery_HasAKindForEachSentence(t *testing.T) {
	t.Parallel()
	for said, c := range map[string]struct {
		kind cmserr.Kind
		much bool
	}{
		"Query has complexity of 301, which exceeds max complexity of 250":                {cmserr.Invalid, true},
		"Timeout on Repository.blobs":                                                     {cmserr.Invalid, true},
		"Request timed out. Please try a less complex query or a smaller set of records.": {cmserr.Invalid, true},
		"Query too large": {cmserr.Invalid, true},
		"The resource that you are attempting to access does not exist or you don't have permission to perform this action": {cmserr.NotFound, false},
		"Internal server error":   {cmserr.Unknown, false},
		"Field 'x' doesn't exist": {cmserr.Unknown, false},
		"":                        {cmserr.Unknown, false},
	} {
		a, err := graphql.Decode("GitLab", gjson.Parse(`{"errors":[{"message":"`+said+`"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		e := refusedQuery(a)
		if !cmserr.Is(e, c.kind) || tooMuch(e) != c.much || e.Error() == "" {
			t.Errorf("%s: %v, too much %v", said, e, tooMuch(e))
		}
	}
	if !tooMuch(refused(&rest.Response{Status: 504})) || tooMuch(refused(&rest.Response{Status: 500})) || tooMuch(nil) {
		t.Error("by status")
	}
}

func TestBudget_Learns(t *testing.T) {
	t.Parallel()
	var b budget
	full := b.left()
	b.learn(200, cmserr.New(cmserr.Invalid, "Something else"))
	if b.left() != full {
		t.Error("nothing was said of complexity")
	}
	b.learn(240, cmserr.New(cmserr.Invalid, tooMuchAtOnce+": Query has complexity of 300, which exceeds max complexity of 200."))
	if got := b.left(); got != 160-frame {
		t.Errorf("%d are left", got)
	}
	b.learn(100, cmserr.New(cmserr.Invalid, "Query has complexity of 100, which exceeds max complexity of 250"))
	if got := b.left(); got > 160 {
		t.Errorf("it forgot: %d are left", got)
	}
	parts := make([]part, 5)
	for i := range parts {
		parts[i].cost = 100
	}
	parts[4].cost = 1000
	if ends := b.pack(parts); len(ends) != 5 || ends[4] != 5 {
		t.Errorf("packed to %v", ends)
	}
	if ends := b.pack(nil); len(ends) != 0 {
		t.Errorf("packed to %v", ends)
	}
}

// TestBlocked_SaysWhy: every state that GitLab has is an obstacle, passes, or is told.
func TestBlocked_SaysWhy(t *testing.T) {
	t.Parallel()
	cause := &cmserr.Error{Kind: cmserr.Unsupported, Status: 405, Msg: "GitLab refused: 405 Method Not Allowed."}
	for pull, c := range map[string]struct {
		kind cmserr.Kind
		says string
	}{
		`{"detailed_merge_status":"ci_still_running","web_url":"https://x/1"}`:   {cmserr.Forbidden, "still running. Try again when it has ended. See https://x/1."},
		`{"detailed_merge_status":"conflict"}`:                                   {cmserr.Conflict, "same lines"},
		`{"detailed_merge_status":"need_rebase"}`:                                {cmserr.Conflict, "rebased"},
		`{"detailed_merge_status":"something_new"}`:                              {cmserr.Forbidden, "(something_new)"},
		`{"detailed_merge_status":"security_policy_violations"}`:                 {cmserr.Forbidden, "policy"},
		`{"merge_status":"cannot_be_merged"}`:                                    {cmserr.Conflict, "same lines"},
		`{"merge_status":"can_be_merged","work_in_progress":true}`:               {cmserr.Forbidden, "draft"},
		`{"merge_status":"can_be_merged","blocking_discussions_resolved":false}`: {cmserr.Forbidden, "threads"},
		`{"merge_status":"can_be_merged","head_pipeline":{"status":"failed"}}`:   {cmserr.Forbidden, "pipeline must succeed"},
		`{"merge_status":"can_be_merged","head_pipeline":{"status":"running"}}`:  {cmserr.Forbidden, "still running"},
	} {
		e := cmserr.From(blocked(gjson.Parse(pull), cause))
		if e.Kind != c.kind || !strings.Contains(e.Msg, c.says) {
			t.Errorf("%s: %v %q", pull, e.Kind, e.Msg)
		}
	}
	malformed := &cmserr.Error{Kind: cmserr.Invalid, Status: 400, Msg: "GitLab refused: squash_commit_message is wrong."}
	if e := cmserr.From(blocked(gjson.Parse(`{"detailed_merge_status":"mergeable"}`), malformed)); !strings.Contains(e.Msg, "is wrong") {
		t.Errorf("%v", e)
	}
	for _, pull := range []string{`{"detailed_merge_status":"checking"}`, `{"merge_status":"unchecked"}`, `{}`,
		`{"merge_status":"can_be_merged","head_pipeline":{"status":"success"}}`} {
		if err := blocked(gjson.Parse(pull), cause); err != nil {
			t.Errorf("%s: %v", pull, err)
		}
	}
}

// TestDecodeComparison_KnowsWhenItIsNotWhole: GitLab leaves files out without a word.
func TestDecodeComparison_KnowsWhenItIsNotWhole(t *testing.T) {
	t.Parallel()
	file := `{"new_path":"a","old_path":"a","diff":"@@"}`
	for body, want := range map[string]bool{
		`{"diffs":[` + file + `]}`:                                                   true,
		`{"diffs":[` + file + `],"compare_timeout":true}`:                            false,
		`{"diffs":[{"new_path":"a","collapsed":true}]}`:                              false,
		`{"diffs":[{"new_path":"a","too_large":true}]}`:                              false,
		`{"diffs":[` + strings.Repeat(file+",", 99) + file + `]}`:                    false,
		`{"diffs":[{"new_path":"a","diff":"` + strings.Repeat(`+\n`, 6000) + `"}]}`:  false,
		`{"diffs":[{"new_path":"a","diff":"` + strings.Repeat(`x`, 300_000) + `"}]}`: false,
	} {
		_, whole, err := decodeComparison(gjson.Parse(body))
		if err != nil || whole != want {
			t.Errorf("%.80s: %v, %v", body, whole, err)
		}
	}
}
