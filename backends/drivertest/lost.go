package drivertest

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func lostCases(t *testing.T, h Harness) {
	d := h.Open(t, seed(nil)).Driver
	cases := map[string]func(*testing.T, Harness){"Commit": lostCommit}
	if _, ok := d.(driver.Brancher); ok {
		cases["DeleteBranch"] = lostDeleteBranch
	}
	if _, ok := d.(driver.PullRequester); ok {
		cases["OpenPull"] = lostOpenPull
		cases["MergePull"] = lostMergePull
	}
	if _, ok := d.(driver.Labeler); ok {
		cases["Relabel"] = lostRelabel
	}
	each(t, h, cases)
}

// mostRequests is how many of a call's requests get lost, one at a time. A commit may
// be a look at the branch, blobs, trees, the commit and the branch again.
const mostRequests = 10

// losing runs a case once for each request whose answer may get lost.
func losing(t *testing.T, h Harness, files map[string]string, run func(t *testing.T, r *repo, lose func())) {
	for n := 1; n <= mostRequests; n++ {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			r := h.open(t, files)
			run(t, r, func() { r.opened.LoseAnswer(n) })
		})
	}
}

// outcome asserts that a call succeeded, or that its error leaves open whether it
// did. Anything else would blame somebody for what the call did itself.
func (r *repo) outcome(err error, also ...cmserr.Kind) {
	r.t.Helper()
	r.opened.LoseAnswer(0)
	if err != nil && !slices.Contains(append(also, cmserr.Network), cmserr.KindOf(err)) {
		r.t.Errorf("%v: %v", cmserr.KindOf(err), err)
	}
}

// lostCommit: whatever got lost, the commit is there once or not at all.
func lostCommit(t *testing.T, h Harness) {
	before := map[string]string{"a.md": "a", "from.md": "f"}
	after := map[string]string{"a.md": "a2", "to.md": "f", "new.md": "n"}
	changes := []driver.Change{put("a.md", "a2"), move("from.md", "to.md"), put("new.md", "n")}
	for name, prepare := range map[string]func(r *repo) driver.Commit{
		"Ordinary": func(r *repo) driver.Commit { return driver.Commit{Branch: r.branch, ExpectedHead: r.head("")} },
		"Creates":  func(r *repo) driver.Commit { return driver.Commit{Branch: "cms/a", Base: r.head("")} },
		"Replaces": func(r *repo) driver.Commit {
			return driver.Commit{Branch: "cms/a", ExpectedHead: r.branchOff("cms/a", put("old.md", "o")), Base: r.head("")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			losing(t, h, before, func(t *testing.T, r *repo, lose func()) {
				c := prepare(r)
				c.Message, c.Changes = "Change files", changes
				lose()
				done, err := r.Commit(t.Context(), c)
				if name == "Replaces" {
					r.outcome(err, cmserr.Unsupported)
				} else {
					r.outcome(err)
				}
				head, headErr := r.Head(t.Context(), c.Branch)
				switch {
				case err == nil && r.made(c, done) != head:
					t.Errorf("the branch is at %q, not at %q", head, done.Head)
				case err == nil:
					r.holds(head, after)
				case c.ExpectedHead == "" && cmserr.Is(headErr, cmserr.NotFound), head == c.ExpectedHead:
				default:
					r.holds(head, after)
				}
			})
		})
	}
}

func lostDeleteBranch(t *testing.T, h Harness) {
	losing(t, h, nil, func(t *testing.T, r *repo, lose func()) {
		head := r.branchOff("cms/a", put("a.md", "a"))
		lose()
		err := r.Driver.(driver.Brancher).DeleteBranch(t.Context(), "cms/a", head)
		r.outcome(err, cmserr.NotFound)
		if _, gone := r.Head(t.Context(), "cms/a"); err == nil && !cmserr.Is(gone, cmserr.NotFound) {
			t.Errorf("the branch is still there: %v", gone)
		}
	})
}

// lostOpenPull: a second try may find that there is one.
func lostOpenPull(t *testing.T, h Harness) {
	losing(t, h, nil, func(t *testing.T, r *repo, lose func()) {
		r.branchOff("cms/a", put("a.md", "a"))
		lose()
		_, err := r.puller().OpenPull(t.Context(), driver.NewPull{Head: "cms/a", Base: r.branch, Title: "A", Body: "b"})
		r.outcome(err, cmserr.Conflict)
		list, listErr := r.puller().Pulls(t.Context(), r.branch, "cms/")
		r.ok(listErr, "Pulls")
		if len(list) > 1 || err == nil && len(list) != 1 {
			t.Errorf("pull requests are %+v", list)
		}
	})
}

func lostMergePull(t *testing.T, h Harness) {
	before, after := map[string]string{"a.md": "a"}, map[string]string{"a.md": "a2"}
	losing(t, h, before, func(t *testing.T, r *repo, lose func()) {
		head := r.branchOff("cms/a", put("a.md", "a2"))
		number, base := r.openPull("cms/a").Number, r.head("")
		lose()
		err := r.merge(number, head, false)
		r.outcome(err, cmserr.Conflict)
		if now := r.head(""); now != base || err == nil {
			r.holds(now, after)
		}
		undone := r.commit(put("a.md", "a"))
		if got := r.read(undone); !maps.Equal(got, map[string]string{"a.md": "a", "README.md": "A site.\n"}) {
			t.Errorf("afterwards there are %s", brief(got))
		}
	})
}

func lostRelabel(t *testing.T, h Harness) {
	losing(t, h, nil, func(t *testing.T, r *repo, lose func()) {
		number := r.openLabelled("cms/a", "draft", "bug")
		lose()
		err := r.Driver.(driver.Labeler).Relabel(t.Context(), number, []string{"ready"}, []string{"draft"})
		r.outcome(err)
		if err == nil {
			r.wantLabels("cms/a", r.labels("bug", "ready")...)
		}
	})
}
