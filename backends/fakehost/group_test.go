package fakehost

import (
	"fmt"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"
)

func TestPermission_ThroughGroups(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	repo, err := f.host.AddRepository("team/web", "site", nil, RepositoryOptions{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, found := f.host.Repository("team/web", "site"); !found || got != repo || repo.FullName() != "team/web/site" {
		t.Errorf("found %v", got)
	}
	want := func(p Permission) {
		t.Helper()
		if got := repo.Permission("Guest"); got != p {
			t.Errorf("the guest has %s, want %s", got, p)
		}
	}
	want(None)
	f.host.SetMember("team", "guest", Read)
	want(Read)
	f.host.SetMember("others", "guest", Admin)
	want(Read)
	repo.Share("others", Write)
	want(Write)
	if shares := repo.Shares(); len(shares) != 1 || shares["others"] != Write {
		t.Errorf("the shares are %v", shares)
	}
	repo.SetPermission("guest", Admin)
	want(Admin)
	if repo.DirectPermission("guest") != Admin || f.host.Member("team/web", "guest") != Read || f.host.Member("tea", "guest") != None {
		t.Error("where it comes from is wrong")
	}
	repo.SetPermission("guest", None)
	repo.Share("others", None)
	want(Read)
	f.host.Reset()
	if f.host.Member("team", "guest") != None {
		t.Error("a member outlives a reset")
	}
}

func TestAdopt_Habits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	if len(f.repo.Labels()) == 0 {
		t.Error("GitHub has labels")
	}
	f.host.Adopt(Habits{NoLabels: true, UserCommits: true, NoReply: "no.example", Scopes: []string{"api"}, Limit: 7})
	if len(f.repo.Labels()) > 0 || f.host.Settings().HourlyLimit != 7 {
		t.Errorf("the labels are %v, the limit %d", f.repo.Labels(), f.host.Settings().HourlyLimit)
	}
	u := f.host.AddUser(User{Login: "new"})
	f.host.AddToken("new", "t")
	if _, token, _ := f.host.UserByToken("t"); !token.HasScope("api") || u.Email != fmt.Sprintf("%d-new@no.example", u.ID) {
		t.Errorf("%+v, %+v", u, token)
	}
	n := f.open("x", "b=1")
	id, err := f.repo.MergePull(n, MergeOptions{By: "owner"})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := f.repo.CommitByID(id); err != nil || c.Committer.Name != "owner" {
		t.Errorf("the committer is %v, %v", c.Committer, err)
	}
	f.host.Adopt(Habits{Bot: object.Signature{Name: "Bot", Email: "bot@example.com"}})
	f.host.Reset()
	if got := f.host.committer(object.Signature{}); got.Name != "Bot" || f.host.Settings().HourlyLimit != 5000 {
		t.Errorf("after a reset: %v", got)
	}
}

func TestRemoveToken_IsRevoked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.host.AddToken("owner", "t")
	f.host.RemoveToken("t")
	if _, _, found := f.host.UserByToken("t"); found || !f.host.Revoked("t") || f.host.Revoked("u") {
		t.Error("what was good once isn't told from what never was")
	}
	f.host.AddToken("owner", "t")
	if f.host.Revoked("t") {
		t.Error("a new token is revoked")
	}
}
