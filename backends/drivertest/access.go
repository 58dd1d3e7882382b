package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
)

func accessCases(t *testing.T, h Harness) {
	cases := map[string]func(*testing.T, Harness){
		"User":          userIsNamed,
		"MayWrite":      accessMayWrite,
		"HeadMissing":   headMissing,
		"HeadOfDefault": headOfDefault,
	}
	if h.Nobody != nil {
		cases["UserIsNobody"] = userIsNobody
	}
	if h.Missing != nil {
		cases["RepositoryMissing"] = repositoryMissing
	}
	each(t, h, cases)
}

func userIsNamed(t *testing.T, h Harness) {
	r := h.open(t, nil)
	u, err := r.User(t.Context())
	r.ok(err, "User")
	if u.Login == "" {
		t.Errorf("a user without a login: %+v", u)
	}
}

func userIsNobody(t *testing.T, h Harness) {
	_, err := h.Nobody(t).User(t.Context())
	wantKind(t, err, cmserr.Unauthenticated)
}

func accessMayWrite(t *testing.T, h Harness) {
	r := h.open(t, nil)
	a, err := r.Access(t.Context())
	r.ok(err, "Access")
	branch := r.branch
	if h.NoDefaultBranch {
		branch = ""
	}
	if !a.Read || !a.Write || a.DefaultBranch != branch {
		t.Errorf("got %+v, want read, write and the default branch %q", a, branch)
	}
}

func repositoryMissing(t *testing.T, h Harness) {
	_, err := h.Missing(t).Access(t.Context())
	wantKind(t, err, cmserr.NotFound)
}

func headMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for _, branch := range []string{"nowhere", "cms/no/where", r.branch + "/below", "a#b%2F&c+d"} {
		_, err := r.Head(t.Context(), branch)
		wantKind(t, err, cmserr.NotFound)
	}
}

func headOfDefault(t *testing.T, h Harness) {
	r := h.open(t, nil)
	before := r.head("")
	after := r.commit(put("a.md", "a"))
	if after == before {
		t.Error("a commit has its parent's id")
	}
	r.unmoved("", after)
	r.holds(before, map[string]string{})
}
