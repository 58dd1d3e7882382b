package fakegithub

import (
	"fmt"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// opens makes a branch with a change and a pull request of it.
func (s *site) opens(branch, path string) int {
	s.t.Helper()
	s.change(branch, path, "text of "+branch)
	body := fmt.Sprintf(`{"title":"T","head":%q,"base":"main","body":"B"}`, branch)
	r := s.wants(201, "POST", "/pulls", body)
	return decode[struct{ Number int }](s.t, r.body).Number
}

func TestPulls_Create(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.opens("cms/x", "x")
	for _, c := range []struct{ head, base, want string }{
		{"owner:cms/x", "main", `"errors":[{"code":"custom","message":"A pull request already exists for owner:cms/x.","resource":"PullRequest"}]`},
		{"main", "main", `"message":"No commits between main and main"`},
		{"none", "main", `"errors":[{"code":"invalid","field":"head","resource":"PullRequest"}]`},
		{"nobody:x", "main", `"field":"head"`},
		{"cms/x", "none", `"errors":[{"code":"invalid","field":"base","resource":"PullRequest"}]`},
	} {
		r := s.wants(422, "POST", "/pulls", fmt.Sprintf(`{"title":"T","head":%q,"base":%q}`, c.head, c.base))
		contains(t, r.body, `"message":"Validation Failed"`, c.want)
	}
}

func TestPulls_FromFork(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	fork, err := s.host.Fork("reader", s.repo, fakehost.ForkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fork.Commit("cms/x", fakeAuthor, "m", fakehost.Change{Path: "b"}); err != nil {
		t.Fatal(err)
	}
	r := s.asks("reader", "POST", "/repos/owner/repo/pulls", `{"title":"T","head":"reader:cms/x","base":"main"}`)
	if r.status != 201 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	contains(t, r.body, `"label":"reader:cms/x"`, `"full_name":"reader/repo"`, `"maintainer_can_modify":true`)
	if r := s.asks("reader", "PATCH", "/repos/owner/repo/pulls/1", `{"state":"closed"}`); r.status != 200 {
		t.Errorf("the author can't close it: %d %s", r.status, r.body)
	}
	if r := s.asks("reader", "PATCH", "/repos/owner/repo/pulls/1", `{"state":"open"}`); r.field(t, "state") != "open" {
		t.Errorf("the author can't reopen it: %d %s", r.status, r.body)
	}
}

func TestPulls_List(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, branch := range []string{"cms/x", "cms/y", "cms/z"} {
		s.opens(branch, branch)
	}
	s.wants(200, "PATCH", "/pulls/2", `{"state":"closed"}`)
	s.change("other", "o", "o")
	for query, want := range map[string]string{
		"":                              "3 1",
		"?state=closed":                 "2",
		"?state=all":                    "3 2 1",
		"?state=all&direction=asc":      "1 2 3",
		"?head=owner:cms/x":             "1",
		"?head=owner:cms%2Fx&base=main": "1",
		"?head=OWNER:cms/x":             "",    // the case matters
		"?head=cms/x":                   "3 1", // not a filter without an owner
		"?base=other":                   "",
		"?per_page=1":                   "3",
		"?per_page=1&page=2":            "1",
	} {
		var got []string
		for _, p := range decode[[]struct{ Number int }](t, s.wants(200, "GET", "/pulls"+query, "").body) {
			got = append(got, fmt.Sprint(p.Number))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q lists %v, not %s", query, got, want)
		}
	}
}

func TestPulls_Merge(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"merge", "squash", "rebase"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a"})
			n := s.opens("cms/x", "x")
			s.change("cms/x", "y", "y")
			old := s.change("main", "a", "b")
			body := fmt.Sprintf(`{"sha":%q,"merge_method":%q,"commit_title":"Title","commit_message":"Message"}`, s.head("cms/x"), method)
			r := s.wants(200, "PUT", fmt.Sprintf("/pulls/%d/merge", n), body)
			if r.field(t, "sha") != s.head("main") {
				t.Errorf("%s is not the head", r.body)
			}
			if got := s.tree("main?recursive=1").paths(); got != "a x y" {
				t.Errorf("the tree is %q", got)
			}
			messages := map[string]string{"merge": "Title\n\nMessage", "squash": "Title\n\nMessage", "rebase": "Change y"}
			id, _ := s.repo.Head("main")
			commit, err := s.repo.CommitByID(id)
			if err != nil || commit.Message != messages[method] {
				t.Errorf("the commit is %+v, %v", commit, err)
			}
			if parents := len(commit.ParentHashes); parents != map[string]int{"merge": 2, "squash": 1, "rebase": 1}[method] {
				t.Errorf("%d parents", parents)
			}
			if cmp := s.compare(old + "...main"); cmp.BehindBy != 0 {
				t.Error("the base's own commit was lost")
			}
			contains(t, s.wants(200, "GET", fmt.Sprintf("/pulls/%d", n), "").body, `"merged":true`, `"state":"closed"`, `"changed_files":2`, `"login":"owner"`)
			contains(t, s.wants(405, "PUT", fmt.Sprintf("/pulls/%d/merge", n), `{}`).body, "Pull Request is not mergeable")
		})
	}
}

func TestPulls_MergeRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	old := s.head("main")
	n := s.opens("cms/x", "a")
	merge := fmt.Sprintf("/pulls/%d/merge", n)
	contains(t, s.wants(409, "PUT", merge, `{"sha":"`+old+`"}`).body, "Head branch was modified. Review and try the merge again.")
	s.repo.Protect("main", &fakehost.Protection{RequiredChecks: []string{"ci"}, RequiredReviews: 1, EnforceAdmins: true})
	contains(t, s.wants(405, "PUT", merge, `{}`).body, "At least 1 approving review is required by reviewers with write access.")
	contains(t, s.wants(200, "GET", fmt.Sprintf("/pulls/%d", n), "").body, `"mergeable":true`, `"mergeable_state":"blocked"`)
	if _, err := s.repo.AddReview(n, fakehost.Review{Author: "owner", State: "APPROVED"}); err != nil {
		t.Fatal(err)
	}
	contains(t, s.wants(200, "GET", fmt.Sprintf("/pulls/%d/reviews", n), "").body, `"state":"APPROVED"`)
	contains(t, s.wants(405, "PUT", merge, `{}`).body, `Required status check \"ci\" is expected.`)
	head, _ := s.repo.Head("cms/x")
	s.repo.AddStatus(head, fakehost.Status{Context: "ci", State: "success"})
	s.change("main", "a", "different")
	contains(t, s.wants(200, "GET", fmt.Sprintf("/pulls/%d", n), "").body, `"mergeable":false`, `"mergeable_state":"dirty"`)
	contains(t, s.wants(405, "PUT", merge, `{}`).body, "Pull Request is not mergeable")
	s.repo.Edit(func(i *fakehost.Info) { i.NoSquash = true })
	contains(t, s.wants(405, "PUT", merge, `{"merge_method":"squash"}`).body, "Squash merges are not allowed on this repository.")
}

func TestPulls_FollowTheirBranch(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls = 1 })
	n := s.opens("cms/x", "x")
	pull := fmt.Sprintf("/pulls/%d", n)
	second := s.change("cms/x", "x", "again")
	contains(t, s.wants(200, "GET", pull, "").body, `"sha":"`+second, `"mergeable":null`, `"mergeable_state":"unknown"`)
	contains(t, s.wants(200, "GET", pull, "").body, `"mergeable":true`)
	s.wants(204, "DELETE", "/git/refs/heads/cms%2Fx", "")
	contains(t, s.wants(200, "GET", pull, "").body, `"state":"closed"`, `"merged":false`)
	contains(t, s.wants(422, "PATCH", pull, `{"state":"open"}`).body, "state cannot be changed. The cms/x branch has been deleted.")
	s.change("cms/x", "x", "anew")
	contains(t, s.wants(422, "PATCH", pull, `{"state":"open"}`).body, "was force-pushed or recreated")
}

func TestPulls_FilesAndCommits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	n := s.opens("cms/x", "x")
	for i := range 40 {
		s.change("cms/x", fmt.Sprintf("f%02d", i), "text")
	}
	files := s.wants(200, "GET", fmt.Sprintf("/pulls/%d/files?per_page=100", n), "")
	commits := s.wants(200, "GET", fmt.Sprintf("/pulls/%d/commits", n), "")
	if f, c := len(decode[[]any](t, files.body)), len(decode[[]any](t, commits.body)); f != 41 || c != 30 {
		t.Errorf("%d files, %d commits", f, c)
	}
	contains(t, commits.header.Get("Link"), `rel="next"`)
	s.wants(404, "GET", "/pulls/99/files", "")
}

func TestLabels_OfPull(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	labels := fmt.Sprintf("/issues/%d/labels", s.opens("cms/x", "x"))
	names := func(r reply) string {
		var list []string
		for _, l := range decode[[]struct{ Name string }](t, r.body) {
			list = append(list, l.Name)
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct{ method, path, body, want string }{
		{"PUT", labels, `{"labels":["a","B"]}`, "a B"},
		{"POST", labels, `{"labels":["c","b"]}`, "a B c"}, // b is B
		{"GET", labels, "", "a B c"},
		{"DELETE", labels + "/B", "", "a c"},
		{"POST", labels, `{"labels":["static-cms/draft #1"]}`, "a c static-cms/draft #1"},
		{"DELETE", labels + "/static-cms%2Fdraft%20%231", "", "a c"},
		{"PUT", labels, `{"labels":[]}`, ""},
	} {
		if got := names(s.wants(200, c.method, c.path, c.body)); got != c.want {
			t.Errorf("%s %s %s leaves %q, not %q", c.method, c.path, c.body, got, c.want)
		}
	}
	contains(t, s.wants(404, "DELETE", labels+"/none", "").body, "Label does not exist")
	s.wants(204, "DELETE", labels, "")
	if got := names(s.wants(200, "GET", "/labels", "")); got != "bug enhancement a B c static-cms/draft #1" {
		t.Errorf("the repository has %q", got)
	}
	contains(t, s.wants(422, "POST", "/labels", `{"name":"A"}`).body, `"code":"already_exists"`, `"field":"name"`)
	s.wants(200, "GET", "/labels/static-cms%2Fdraft%20%231", "")
}
