package fakegitlab

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

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
