package drivertest

import (
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func labelCases(t *testing.T, h Harness) {
	if _, ok := h.Open(t, seed(nil)).Driver.(driver.PullRequester); !ok {
		t.Fatal("a Labeler without pull requests")
	}
	each(t, h, map[string]func(*testing.T, Harness){
		"Add":     labelsAdd,
		"Swap":    labelsSwap,
		"Again":   labelsAgain,
		"Apart":   labelsApart,
		"Missing": labelsMissing,
	})
}

// Labels are those that the suite gives to pull requests. A host that keeps labels in
// comments has to be told which texts are labels.
var Labels = []string{
	"static-cms/draft", "Größe: 1 & 2", "bug #1", "cms/draft", "cms/draft-2", "cms/pending_review", "team/docs",
	"one", "two", "three", "draft", "bug", "ready", "a", "x",
}

// labels are those that a pull request has after they were added in this order, sorted.
func (r *repo) labels(added ...string) []string {
	if r.opened.OneLabel && len(added) > 0 {
		return added[len(added)-1:]
	}
	return slices.Sorted(slices.Values(added))
}

func (r *repo) relabel(number int, add, remove []string) {
	r.t.Helper()
	r.ok(r.Driver.(driver.Labeler).Relabel(r.t.Context(), number, add, remove), "Relabel")
}

// wantLabels asserts a pull request's labels, found and listed, in any order.
func (r *repo) wantLabels(head string, want ...string) {
	r.t.Helper()
	list, err := r.puller().Pulls(r.t.Context(), r.branch, head)
	r.ok(err, "Pulls")
	if len(list) == 0 {
		r.t.Fatalf("no pull request of %q is listed", head)
	}
	for _, p := range []driver.Pull{r.pull(head), list[0]} {
		if got := slices.Sorted(slices.Values(p.Labels)); !slices.Equal(got, want) {
			r.t.Errorf("%q has the labels %q, want %q", head, got, want)
		}
	}
}

// openLabelled opens a pull request from a new branch.
func (r *repo) openLabelled(branch string, labels ...string) int {
	r.t.Helper()
	r.branchOff(branch, put("a.md", branch))
	number := r.openPull(branch).Number
	r.relabel(number, labels, nil)
	return number
}

func labelsAdd(t *testing.T, h Harness) {
	r := h.open(t, nil)
	number := r.openLabelled("cms/a", "static-cms/draft")
	r.wantLabels("cms/a", "static-cms/draft")
	r.relabel(number, []string{"Größe: 1 & 2", "bug #1"}, nil)
	r.wantLabels("cms/a", r.labels("static-cms/draft", "Größe: 1 & 2", "bug #1")...)
}

func labelsSwap(t *testing.T, h Harness) {
	r := h.open(t, nil)
	number := r.openLabelled("cms/a", "cms/draft", "cms/draft-2", "team/docs")
	r.relabel(number, []string{"cms/pending_review"}, []string{"cms/draft"})
	r.wantLabels("cms/a", r.labels("cms/draft-2", "team/docs", "cms/pending_review")...)
	r.relabel(number, nil, []string{"cms/pending_review", "cms/draft-2"})
	if r.opened.OneLabel {
		r.wantLabels("cms/a")
		return
	}
	r.wantLabels("cms/a", "team/docs")
}

// labelsAgain: adding what is there and removing what isn't changes nothing.
func labelsAgain(t *testing.T, h Harness) {
	r := h.open(t, nil)
	number := r.openLabelled("cms/a", "one", "two")
	r.relabel(number, []string{"one"}, []string{"three"})
	r.wantLabels("cms/a", r.labels("two", "one")...)
	r.relabel(number, nil, []string{"three", "one"})
	if r.opened.OneLabel {
		r.wantLabels("cms/a")
		return
	}
	r.wantLabels("cms/a", "two")
}

func labelsApart(t *testing.T, h Harness) {
	r := h.open(t, nil)
	first := r.openLabelled("cms/first", "draft")
	r.openLabelled("cms/second", "draft")
	r.relabel(first, []string{"ready"}, []string{"draft"})
	r.wantLabels("cms/first", "ready")
	r.wantLabels("cms/second", "draft")
}

func labelsMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	err := r.Driver.(driver.Labeler).Relabel(t.Context(), 4711, []string{"a"}, nil)
	wantKind(t, err, cmserr.NotFound)
}
