package fakegitea

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestPulls_MergeabilityIsUnknownForAWhile(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	s.host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls, o.HeadLag = 2, 1 })
	s.change("draft", "b", "B")
	s.wants(201, "POST", "/pulls", `{"head":"draft","base":"main","title":"T"}`)
	s.change("draft", "c", "C")
	if r := s.wants(200, "GET", "/pulls/1/files", ""); strings.Contains(r.body, `"c"`) {
		t.Errorf("the files are those of the push already: %s", r.body)
	}
	if r := s.wants(200, "GET", "/pulls/1/files", ""); !strings.Contains(r.body, `"c"`) {
		t.Errorf("the files are still those before the push: %s", r.body)
	}
	for range 2 {
		if r := s.wants(405, "POST", "/pulls/1/merge", `{"Do":"merge"}`); r.message(t) != tryAgain {
			t.Error(r.body)
		}
	}
	s.wants(200, "POST", "/pulls/1/merge", `{"Do":"merge"}`)
}

func TestPulls_Protected(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	s.change("draft", "b", "B")
	s.wants(201, "POST", "/pulls", `{"head":"draft","base":"main","title":"T"}`)
	head, _ := s.repo.Head("draft")
	s.repo.Protect("main", &fakehost.Protection{RequiredChecks: []string{"ci"}, EnforceAdmins: true})
	for _, state := range []string{"", "pending", "failure"} {
		if state != "" {
			s.repo.AddStatus(head, fakehost.Status{Context: "ci", State: state})
		}
		if r := s.wants(405, "POST", "/pulls/1/merge", `{"Do":"merge","force_merge":true}`); r.message(t) != "Not all required status checks successful" {
			t.Error(r.body)
		}
	}
	s.repo.Protect("main", &fakehost.Protection{RestrictMerges: true})
	if r := s.asks("writer", "POST", "/repos/owner/repo/pulls/1/merge", `{"Do":"merge"}`); r.message(t) != "User not allowed to merge PR" {
		t.Error(r.body)
	}
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 2})
	if r := s.wants(405, "POST", "/pulls/1/merge", `{"Do":"rebase"}`); r.message(t) != "Does not have enough approvals" {
		t.Error(r.body)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.NoSquash, i.DeleteBranchOnMerge = true, true })
	if r := s.wants(405, "POST", "/pulls/1/merge", `{"Do":"squash","force_merge":true}`); !strings.HasPrefix(r.message(t), "squash is not allowed") {
		t.Error(r.body)
	}
	s.wants(200, "POST", "/pulls/1/merge", `{"Do":"rebase","force_merge":true}`) // an administrator may
	s.wants(404, "GET", "/branches/draft", "")
}

func TestLabels_OfAnOrganisation(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	s.host.AddUser(fakehost.User{Login: "team", Organization: true})
	l := s.host.AddGroupLabel("team", fakehost.Label{Name: "draft", Color: "ededed"})
	s.host.Rename(s.repo, "team", "repo")
	s.repo.SetPermission("owner", fakehost.Admin)
	s.change("draft", "b", "B")
	list := s.asks("owner", "GET", "/orgs/team/labels", "")
	if list.status != 200 || !strings.Contains(list.body, `/api/v1/orgs/team/labels/`+digits(l.ID)) {
		t.Errorf("%d %s", list.status, list.body)
	}
	if r := s.asks("owner", "GET", "/repos/team/repo/labels", ""); strings.TrimSpace(r.body) != "[]" {
		t.Error(r.body)
	}
	r := s.asks("owner", "POST", "/repos/team/repo/pulls", `{"head":"draft","base":"main","title":"T","labels":[`+digits(l.ID)+`]}`)
	if r.status != 201 || !strings.Contains(r.body, `"name":"draft"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.asks("owner", "PUT", "/repos/team/repo/issues/1/labels", `{"labels":["draft"]}`); !strings.Contains(r.body, "draft") {
		t.Error(r.body)
	}
	if r := s.asks("owner", "GET", "/orgs/owner/labels", ""); r.status != 404 {
		t.Errorf("a person's labels: %d", r.status)
	}
}
