package fakebitbucket

import (
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

func plumbingID(hash string) plumbing.Hash { return plumbing.NewHash(hash) }

func TestMergePull_Strategies(t *testing.T) {
	t.Parallel()
	for strategy, parents := range map[string]int{"merge_commit": 2, "squash": 1, "fast_forward": 1, "rebase_merge": 1} {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a.md": "a"})
			s.pull("cms/x")
			if strategy != "fast_forward" {
				s.change("main", "b.md", "b")
			}
			r := s.wantsAs("dev", 200, "POST", "/pullrequests/1/merge", `{"message":"Done","close_source_branch":true,"merge_strategy":"`+strategy+`"}`)
			if r.text(t, "state") != "MERGED" || r.text(t, "merge_commit.hash") != s.head("main") || r.text(t, "closed_by.display_name") != "Dev" {
				t.Errorf("%s", r.body)
			}
			commit, err := s.repo.CommitByID(plumbingID(s.head("main")))
			if err != nil || len(commit.ParentHashes) != parents || s.file("main", "cms/x.md") != "text of cms/x" {
				t.Errorf("the commit is %v, %v", commit, err)
			}
			if (strategy == "merge_commit" || strategy == "squash") && commit.Message != "Done\n" {
				t.Errorf("the message is %q", commit.Message)
			}
			if _, found := s.repo.Head("cms/x"); found {
				t.Error("its branch is still there")
			}
			if r = s.wants(200, "GET", "/pullrequests/1", ""); r.text(t, "merge_commit.hash") != s.head("main")[:12] {
				t.Errorf("later the commit is %s", r.text(t, "merge_commit.hash"))
			}
		})
	}
}

func TestMergePull_Refused(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.change("cms/x", "a.md", "mine")
	s.wants(201, "POST", "/pullrequests", quoted(map[string]any{"title": "X", "source": source("cms/x")}))
	s.refuses(400, "merge_strategy", "POST", "/pullrequests/1/merge", `{"merge_strategy":"octopus"}`)
	s.wantsAs("reader", 403, "POST", "/pullrequests/1/merge", "")
	s.change("main", "a.md", "theirs")
	s.refuses(400, "resolve all merge conflicts", "POST", "/pullrequests/1/merge", "")
	s.refuses(400, "Unable to fast forward", "POST", "/pullrequests/1/merge", `{"merge_strategy":"fast_forward"}`)
	contains(t, s.wants(200, "GET", "/pullrequests/1/mergeability/checks", "").body, `"reason":"conflicts"`)
	s.pull("cms/y")
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, RequiredChecks: []string{"ci"}, EnforceAdmins: true})
	checks := func(status int) {
		t.Helper()
		r := s.wants(status, "POST", "/pullrequests/2/merge", "")
		if status == 400 {
			contains(t, r.body, "failed merge checks")
		}
	}
	checks(400)
	s.wantsAs("dev", 200, "POST", "/pullrequests/2/approve", "")
	checks(400)
	s.repo.AddStatus(plumbingID(s.head("cms/y")), fakehost.Status{Context: "ci", State: "success"})
	checks(200)
	s.refuses(400, "already closed", "POST", "/pullrequests/2/merge", "")
	s.repo.Protect("main", &fakehost.Protection{RestrictMerges: true})
	contains(t, s.wantsAs("dev", 403, "POST", "/pullrequests/1/merge", "").body, "permission to merge")
}

func TestMergePull_TakesLong(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	s.host.Set(func(o *fakehost.Settings) { o.MergePolls = 2 })
	r := s.wants(202, "POST", "/pullrequests/1/merge", `{"close_source_branch":false}`)
	if r.body != `""` {
		t.Errorf("the answer is %s", r.body)
	}
	task := strings.TrimPrefix(r.header.Get("Location"), s.url)
	for range 2 {
		if r = s.wants(200, "GET", task, ""); r.text(t, "task_status") != "PENDING" {
			t.Fatalf("%s", r.body)
		}
	}
	if r = s.wants(200, "GET", task, ""); r.text(t, "task_status") != "SUCCESS" || r.text(t, "merge_result.state") != "MERGED" {
		t.Errorf("%s", r.body)
	}
	if _, found := s.repo.Head("cms/x"); !found {
		t.Error("its branch is gone")
	}
	if r = s.wants(200, "GET", "/pullrequests/1/merge/task-status/none", ""); r.text(t, "task_status") != "PENDING" {
		t.Errorf("an unknown task is %s", r.body)
	}
}

func TestMergePull_AsyncFails(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.change("cms/x", "a.md", "mine")
	s.wants(201, "POST", "/pullrequests", quoted(map[string]any{"title": "X", "source": source("cms/x")}))
	s.change("main", "a.md", "theirs")
	task := strings.TrimPrefix(s.wants(202, "POST", "/pullrequests/1/merge?async=true", "").header.Get("Location"), s.url)
	for _, status := range []int{200, 200} { // whoever looks brings its end nearer
		s.wants(status, "GET", "/pullrequests/1", "")
	}
	contains(t, s.wants(400, "GET", task, "").body, "merge conflicts")
}
