package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func numbers(t *testing.T, r reply) string {
	t.Helper()
	var out []string
	for _, o := range decode[[]map[string]any](t, r.body) {
		out = append(out, fmt.Sprint(o["iid"]))
	}
	return strings.Join(out, " ")
}

func TestPulls_Filters(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, name := range []string{"cms/a", "cms/b", "c"} {
		s.pull(name)
	}
	s.wants(200, "PUT", "/merge_requests/1", `{"labels":"draft,x"}`)
	s.wants(200, "PUT", "/merge_requests/2", `{"add_labels":["ready"],"title":"Draft: B"}`)
	s.wants(200, "PUT", "/merge_requests/3", `{"state_event":"close"}`)
	for query, want := range map[string]string{
		"":                                "3 2 1",
		"state=opened":                    "2 1",
		"state=closed":                    "3",
		"state=merged":                    "",
		"labels=Any&state=opened":         "2 1",
		"labels=None":                     "3",
		"labels=draft,x":                  "1",
		"labels[]=draft":                  "1",
		"labels=other":                    "",
		"source_branch=cms/b":             "2",
		"target_branch=elsewhere":         "",
		"wip=yes":                         "2",
		"iids[]=1&iids[]=3":               "3 1",
		"search=add+cms/a":                "1",
		"sort=asc":                        "1 2 3",
		"per_page=1&page=2":               "2",
		"view=simple&author_username=dev": "",
	} {
		if got := numbers(t, s.wants(200, "GET", "/merge_requests?"+query, "")); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	s.refuses(400, "state does not have a valid value", "GET", "/merge_requests?state=open", "")
	contains(t, s.wants(200, "GET", "/merge_requests?labels=draft&with_labels_details=true", "").body, `"color":"#6699cc"`)
	r := s.wants(200, "GET", "/merge_requests?state=opened&labels=Any&per_page=1", "")
	contains(t, r.header.Get("Link"), "labels%5B%5D=Any", "order_by=created_at", "with_labels_details=false")
	if r.header.Get("X-Total") != "2" {
		t.Errorf("the total is %s", r.header.Get("X-Total"))
	}
}

func TestCreatePull_Refusals(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.pull("x")
	open := func(from, into string) string {
		return quoted(map[string]any{"title": "T", "source_branch": from, "target_branch": into})
	}
	s.refuses(409, `{"message":["Another open merge request already exists for this source branch: !1"]}`, "POST", "/merge_requests", open("x", "main"))
	s.refuses(422, "You can't use same project/branch for source and target", "POST", "/merge_requests", open("main", "main"))
	s.refuses(400, "source_branch", "POST", "/merge_requests", open("none", "main"))
	s.refuses(400, "target_branch is missing", "POST", "/merge_requests", `{"title":"T","source_branch":"x"}`)
	s.wantsAs("reader", 403, "POST", "/merge_requests", open("x", "main"))
	s.wantsAs("", 401, "POST", "/merge_requests", open("x", "main"))
	s.refuses(400, "at least one parameter must be provided", "PUT", "/merge_requests/1", `{}`)
	s.refuses(400, "state_event does not have a valid value", "PUT", "/merge_requests/1", `{"state_event":"closed"}`)
	s.refuses(404, "404 Not Found", "GET", "/merge_requests/9", "")
	s.wantsAs("reader", 403, "PUT", "/merge_requests/1", `{"title":"X"}`)
	// One without commits is allowed, and can't be merged.
	s.wants(201, "POST", "/repository/branches", `{"branch":"empty","ref":"main"}`)
	s.wants(201, "POST", "/merge_requests", open("empty", "main"))
	s.refuses(422, "Branch cannot be merged", "PUT", "/merge_requests/2/merge", "")
}

func TestUpdatePull_CloseAndReopen(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.pull("x")
	r := s.wantsAs("dev", 200, "PUT", "/merge_requests/1?state_event=close", "")
	if r.field(t, "state") != "closed" || r.field(t, "closed_by.username") != "dev" || r.field(t, "closed_at") == nil {
		t.Errorf("closed: %s", r.body)
	}
	s.wants(201, "POST", "/merge_requests", `{"title":"T","source_branch":"x","target_branch":"main"}`)
	s.refuses(409, "Another open merge request", "PUT", "/merge_requests/1", `{"state_event":"reopen"}`)
	s.wants(200, "PUT", "/merge_requests/2", `{"state_event":"close"}`)
	if r := s.wants(200, "PUT", "/merge_requests/1", `{"state_event":"reopen"}`); r.field(t, "state") != "opened" || r.field(t, "closed_at") != nil {
		t.Errorf("reopened: %s", r.body)
	}
	// Without its branch it stays open.
	s.wants(204, "DELETE", "/repository/branches/x", "")
	if r := s.wants(200, "GET", "/merge_requests/1", ""); r.field(t, "state") != "opened" || r.field(t, "detailed_merge_status") != "broken_status" {
		t.Errorf("without a branch: %s", r.body)
	}
	s.refuses(403, "403 Forbidden - Source branch does not exist", "PUT", "/merge_requests/1/rebase", "")
}

func TestPull_HeadLags(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.pull("x")
	s.host.Set(func(o *fakehost.Settings) { o.HeadLag = 2 })
	before, after := s.head("x"), s.change("x", "b", "b")
	for _, want := range []string{before, before, after} {
		if got := s.wants(200, "GET", "/merge_requests/1", "").field(t, "sha"); got != want {
			t.Errorf("the head is %v, want %s", got, want)
		}
	}
}

func TestPull_ArrivesByPush(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.pull("x")
	s.wants(201, "POST", "/repository/branches", `{"branch":"empty","ref":"main"}`)
	s.wants(201, "POST", "/merge_requests", `{"title":"T","source_branch":"empty","target_branch":"main"}`)
	id, _ := s.repo.Head("x")
	if err := s.repo.UpdateRef("", "refs/heads/main", id, false); err != nil {
		t.Fatal(err)
	}
	if got := s.wants(200, "GET", "/merge_requests/1", "").field(t, "state"); got != "merged" {
		t.Errorf("what main has by now is %v", got)
	}
	if got := s.wants(200, "GET", "/merge_requests/2", "").field(t, "state"); got != "opened" {
		t.Errorf("what never had a commit is %v", got)
	}
}

func TestPull_FromFork(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	upstream := s.repo
	r := s.wantsAs("reader", 201, "POST", "/fork", "")
	if r.field(t, "forked_from_project.path_with_namespace") != "owner/repo" {
		t.Errorf("the fork is %s", r.body)
	}
	s.wantsAs("reader", 409, "POST", "/fork", "")
	fork, found := s.host.Repository("reader", "repo")
	if !found {
		t.Fatal("there is no fork")
	}
	s.repo = fork
	s.change("x", "x", "x")
	r = s.wantsAs("reader", 201, "POST", "/merge_requests", `{"title":"T","source_branch":"x","target_branch":"main","target_project_id":`+digits(upstream.Info().ID)+`}`)
	if r.field(t, "project_id") != float64(upstream.Info().ID) || r.field(t, "source_project_id") != float64(fork.Info().ID) {
		t.Errorf("the merge request is %s", r.body)
	}
	s.repo = upstream
	s.wants(200, "PUT", "/merge_requests/1/merge", "")
	if s.file("main", "x") != "x" {
		t.Error("it isn't merged")
	}
}
