package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func pushCases(t *testing.T, h Harness) {
	cases := map[string]func(*testing.T, Harness){"Allowed": pushAllowed}
	if h.Open(t, seed(nil)).Protect != nil {
		cases["Protected"] = pushProtected
	}
	each(t, h, cases)
}

func (r *repo) mayPush(branch string) error {
	return r.Driver.(driver.PushChecker).MayPush(r.t.Context(), branch)
}

func pushAllowed(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.branchOff("cms/a#b", put("a.md", "a"))
	for _, branch := range []string{r.branch, "cms/a#b"} {
		r.ok(r.mayPush(branch), "MayPush to "+branch)
	}
	wantKind(t, r.mayPush("nowhere"), cmserr.NotFound)
}

// pushProtected: what is said beforehand is what happens.
func pushProtected(t *testing.T, h Harness) {
	r := h.open(t, nil)
	head := r.head("")
	r.opened.Protect(r.branch)
	if e := wantKind(t, r.mayPush(r.branch), cmserr.Forbidden); e.Msg == "" {
		t.Error("nobody hears why")
	}
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: r.branch, ExpectedHead: head, Message: "Must fail", Changes: []driver.Change{put("a.md", "a")},
	})
	wantKind(t, err, cmserr.Forbidden)
	r.unmoved("", head)
}
