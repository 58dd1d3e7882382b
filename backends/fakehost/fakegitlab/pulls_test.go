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

func TestMergePull_Refusals(t *testing.T) {
	t.Parallel()
	resolved := 1
	for _, c := range []struct {
		name    string
		arrange func(s *site)
		login   string
		body    string
		status  int
		text    string
		detail  string
	}{
		{"draft", func(s *site) { s.wants(200, "PUT", "/merge_requests/1", `{"title":"Draft: x"}`) }, "owner", "", 405, "405 Method Not Allowed", "draft_status"},
		{"closed", func(s *site) { s.wants(200, "PUT", "/merge_requests/1", `{"state_event":"close"}`) }, "owner", "", 405, "405", "not_open"},
		{"discussions", func(s *site) {
			s.wants(200, "PUT", "", `{"only_allow_merge_if_all_discussions_are_resolved":true}`)
			if _, err := s.repo.EditPull(1, fakehost.PullEdit{Unresolved: &resolved}); err != nil {
				s.t.Fatal(err)
			}
		}, "owner", "", 405, "405", "discussions_not_resolved"},
		{"approval", func(s *site) { s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1}) }, "owner", "", 405, "405", "not_approved"},
		{"no pipeline", func(s *site) { s.wants(200, "PUT", "", `{"only_allow_merge_if_pipeline_succeeds":true}`) }, "owner", "", 405, "405", "ci_must_pass"},
		{"running pipeline", func(s *site) {
			s.wants(200, "PUT", "", `{"only_allow_merge_if_pipeline_succeeds":true}`)
			s.wants(201, "POST", "/statuses/"+s.head("x"), `{"state":"running"}`)
		}, "owner", "", 405, "405", "ci_still_running"},
		{"conflict", func(s *site) { s.change("main", "x.md", "other") }, "owner", "", 422, "Branch cannot be merged", "conflict"},
		{"behind", func(s *site) { s.wants(200, "PUT", "", `{"merge_method":"ff"}`); s.change("main", "b", "b") }, "owner", "", 422, "Branch cannot be merged", "need_rebase"},
		{"sha", func(*site) {}, "owner", `{"sha":"1111111111111111111111111111111111111111"}`, 409, "SHA does not match HEAD of source branch: ", "mergeable"},
		{"reader", func(*site) {}, "reader", "", 401, "401 Unauthorized", "mergeable"},
		{"developer on a protected branch", func(s *site) { s.repo.Protect("main", &fakehost.Protection{RestrictMerges: true}) }, "dev", "", 401, "401 Unauthorized", "mergeable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a"})
			s.pull("x")
			c.arrange(s)
			before := s.head("main")
			r := s.wantsAs(c.login, c.status, "PUT", "/merge_requests/1/merge", c.body)
			contains(t, r.body, c.text)
			if s.head("main") != before {
				t.Error("it was merged all the same")
			}
			if got := s.wants(200, "GET", "/merge_requests/1", "").field(t, "detailed_merge_status"); got != c.detail {
				t.Errorf("the status is %v", got)
			}
		})
	}
}

func TestMergePull_StillChecking(t *testing.T) {
	t.Parallel()
	for version, status := range map[string]int{"14.9.0": 406, "18.5.0": 422} {
		s := newSiteAt(t, Options{Version: version}, "owner", map[string]string{"a": "a"})
		s.pull("x")
		s.host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls = 2 })
		s.change("x", "b", "b")
		if r := s.wants(200, "GET", "/merge_requests/1", ""); r.field(t, "merge_status") != "checking" || r.field(t, "detailed_merge_status") != "checking" {
			t.Errorf("%s: %s", version, r.body)
		}
		s.refuses(status, "Branch cannot be merged", "PUT", "/merge_requests/1/merge", "")
		s.wants(200, "PUT", "/merge_requests/1/merge", "")
	}
}

func TestMergePull_Methods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, settings, body string
		parents              int
		message              string
		squashed             bool
	}{
		{"merge commit", `{"merge_method":"merge"}`, ``, 2, "Merge branch 'x' into 'main'\n\nAdd x\n\nSee merge request owner/repo!1", false},
		{"own message", `{"merge_method":"merge"}`, `{"merge_commit_message":"Mine"}`, 2, "Mine", false},
		{"squash", `{"merge_method":"merge"}`, `{"squash":true,"merge_commit_message":"M","squash_commit_message":"S"}`, 2, "M", true},
		{"fast-forward", `{"merge_method":"ff"}`, ``, 1, "Change x.md", false},
		{"squash and fast-forward", `{"merge_method":"ff","squash_option":"always"}`, ``, 1, "Add x", true},
		{"never squash", `{"merge_method":"ff","squash_option":"never"}`, `{"squash":true}`, 1, "Change x.md", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a"})
			s.wants(200, "PUT", "", c.settings)
			s.pull("x")
			r := s.wants(200, "PUT", "/merge_requests/1/merge", c.body)
			id, _ := s.repo.Head("main")
			commit, err := s.repo.CommitByID(id)
			if err != nil {
				t.Fatal(err)
			}
			committer := "Owner"
			if c.parents == 1 && !c.squashed {
				committer = somebody.Name // it is the branch's own commit
			}
			if len(commit.ParentHashes) != c.parents || commit.Message != c.message || commit.Committer.Name != committer {
				t.Errorf("%d parents, %q by %s", len(commit.ParentHashes), commit.Message, commit.Committer.Name)
			}
			if r.field(t, "state") != "merged" || r.field(t, "merged_by.username") != "owner" || (r.field(t, "squash_commit_sha") != nil) != c.squashed ||
				s.file("main", "x.md") != "text of x" {
				t.Errorf("merged: %s", r.body)
			}
			s.refuses(405, "405", "PUT", "/merge_requests/1/merge", "")
		})
	}
}

func TestMergePull_WhenPipelineSucceeds(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.wants(200, "PUT", "", `{"only_allow_merge_if_pipeline_succeeds":true}`)
	s.pull("x")
	s.wants(201, "POST", "/statuses/"+s.head("x"), `{"state":"running","name":"build"}`)
	r := s.wants(200, "PUT", "/merge_requests/1/merge", `{"auto_merge":true,"should_remove_source_branch":true}`)
	if r.field(t, "state") != "opened" || r.field(t, "merge_when_pipeline_succeeds") != true {
		t.Errorf("it waits: %s", r.body)
	}
	s.wants(201, "POST", "/statuses/"+s.head("x"), `{"state":"success","name":"build"}`)
	if r := s.wants(200, "GET", "/merge_requests/1", ""); r.field(t, "state") != "merged" || r.field(t, "pipeline.status") != "success" {
		t.Errorf("it has passed: %s", r.body)
	}
	if _, found := s.repo.Head("x"); found {
		t.Error("the branch is still there")
	}
}

func TestRebasePull_Asynchronous(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.pull("x")
	s.change("main", "b", "b")
	s.host.Set(func(o *fakehost.Settings) { o.RebasePoll = 1 })
	before := s.head("x")
	if r := s.wants(202, "PUT", "/merge_requests/1/rebase?skip_ci=true", ""); r.body != `{"rebase_in_progress":true}` {
		t.Errorf("started: %s", r.body)
	}
	if r := s.wants(200, "GET", "/merge_requests/1", ""); strings.Contains(r.body, "rebase_in_progress") {
		t.Error("it tells without being asked")
	}
	r := s.wants(200, "GET", "/merge_requests/1?include_rebase_in_progress=true", "")
	if r.field(t, "rebase_in_progress") != true || s.head("x") != before {
		t.Errorf("first poll: %s", r.body)
	}
	r = s.wants(200, "GET", "/merge_requests/1?include_rebase_in_progress=true&include_diverged_commits_count=true", "")
	if r.field(t, "rebase_in_progress") != false || s.head("x") == before || r.field(t, "sha") != s.head("x") || r.field(t, "diverged_commits_count") != 0.0 {
		t.Errorf("second poll: %s", r.body)
	}
	s.change("main", "x.md", "other")
	s.wants(202, "PUT", "/merge_requests/1/rebase", "")
	s.wants(200, "GET", "/merge_requests/1?include_rebase_in_progress=true", "")
	r = s.wants(200, "GET", "/merge_requests/1?include_rebase_in_progress=true", "")
	if r.field(t, "merge_error") != rebaseFailed || s.file("x", "x.md") != "text of x" {
		t.Errorf("a conflict: %s", r.body)
	}
	s.repo.Protect("x", &fakehost.Protection{})
	s.refuses(403, "Source branch is protected from force push", "PUT", "/merge_requests/1/rebase", "")
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

func TestLabels(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.wants(201, "POST", "/labels", `{"name":"cms/draft","color":"#aabbcc"}`)
	s.refuses(409, "Label already exists", "POST", "/labels", `{"name":"cms/draft","color":"#aabbcc"}`)
	s.refuses(400, "color is missing", "POST", "/labels", `{"name":"x"}`)
	s.refuses(400, "is invalid", "POST", "/labels", `{"name":"a,b","color":"#aabbcc"}`)
	s.wantsAs("reader", 403, "POST", "/labels", `{"name":"x","color":"#aabbcc"}`)
	if got := names(t, s.wants(200, "GET", "/labels", "")); got != "cms/draft" {
		t.Errorf("the labels are %s", got)
	}
	if r := s.wants(200, "GET", "/labels/cms%2Fdraft", ""); r.field(t, "color") != "#aabbcc" {
		t.Errorf("the label is %s", r.body)
	}
	s.refuses(404, "404 Label Not Found", "GET", "/labels/none", "")
}

func TestUsersAndGroups(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	team := s.host.AddUser(fakehost.User{Login: "team", Organization: true})
	s.host.SetMember("team", "dev", fakehost.Admin)
	for path, want := range map[string]string{
		"/api/v4/users?username=DEV":                     `"username":"dev"`,
		"/api/v4/users?username=none":                    `[]`,
		"/api/v4/groups/team":                            `"full_path":"team"`,
		"/api/v4/groups/" + digits(team.ID) + "/members": `"access_level":40`,
		"/api/v4/version":                                `"version":"18.5.0"`,
		"/api/v4/metadata":                               `"enterprise":false`,
		"/api/v4/projects?membership=true":               `"path_with_namespace":"owner/repo"`,
	} {
		r := s.asks("owner", "GET", path, "")
		if r.status != 200 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for path, want := range map[string]string{"/api/v4/users/999": "404 User Not Found", "/api/v4/groups/dev": "404 Group Not Found"} {
		r := s.asks("owner", "GET", path, "")
		if r.status != 404 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if r := s.wants(404, "GET", "/members/all/"+digits(team.ID), ""); r.body != `{"message":"404 Not Found"}` {
		t.Errorf("no member: %s", r.body)
	}
	if got := len(decode[[]any](t, s.wants(200, "GET", "/members/all", "").body)); got != 2 {
		t.Errorf("%d members", got)
	}
}
