package testrepo

import (
	"slices"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestMergePull_Parents(t *testing.T) {
	t.Parallel()
	for _, squash := range []bool{false, true} {
		r := Open(Options{})
		made, number := draft(t, r, "cms/a", put("a", "1"))
		base := edit(t, r, put("b", "2"))
		err := r.MergePull(t.Context(), number, driver.Merge{ExpectedHead: made, Message: "Publish", Squash: squash})
		if err != nil {
			t.Fatal(err)
		}
		c := r.commits[head(t, r, "main")]
		ids := []string{}
		for _, p := range c.parents {
			ids = append(ids, p.id)
		}
		want := []string{base, made}
		if squash {
			want = want[:1]
		}
		if !slices.Equal(ids, want) || c.message != "Publish" {
			t.Errorf("squash %v: %q has the parents %q, want %q", squash, c.message, ids, want)
		}
		if head(t, r, "cms/a") != made {
			t.Error("the merged branch moved")
		}
	}
}

func TestMergePull_ConflictPaths(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"edit": nil, "drop": nil, "mine": nil, "same": nil, "dropped": nil}})
	made, number := draft(t, r, "cms/a", put("edit", "m"), drop("drop"), put("mine", "m"), put("same", "s"),
		put("both", "m"), put("folder", "a file"), put("file/x", "in a folder"), put("dropped", "m"), put("fine/m", "m"))
	before := edit(t, r, put("edit", "t"), put("drop", "t"), put("same", "s"),
		put("both", "t"), put("folder/x", "in a folder"), put("file", "a file"), drop("dropped"), put("fine/t", "t"))
	err := r.MergePull(t.Context(), number, driver.Merge{ExpectedHead: made})
	e := wantKind(t, err, cmserr.Conflict)
	want := []string{"both", "drop", "dropped", "edit", "file/x", "folder"}
	if !slices.Equal(e.Paths, want) {
		t.Errorf("conflict over %q, want %q", e.Paths, want)
	}
	if head(t, r, "main") != before {
		t.Error("the base moved")
	}
}

// TestMergePull_SinceLastMerge: the merge base moves along with each merge.
func TestMergePull_SinceLastMerge(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"a": []byte("0")}})
	made, number := draft(t, r, "cms/a", put("a", "1"))
	if err := r.MergePull(t.Context(), number, driver.Merge{ExpectedHead: made}); err != nil {
		t.Fatal(err)
	}
	edit(t, r, put("b", "b"))
	made = mustCommit(t, r, "cms/a", made, "", put("a", "2"))
	p, err := r.OpenPull(t.Context(), driver.NewPull{Head: "cms/a", Base: "main", Title: "More"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: made}); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, r, "main"); got["a"] != "2" || got["b"] != "b" {
		t.Errorf("got %v", got)
	}
}

func TestOpenPull_NothingNew(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	mustCommit(t, r, "cms/a", "", head(t, r, "main"), put("a", "1"))
	for _, heads := range [][2]string{{"main", "main"}, {"main", "cms/a"}} {
		_, err := r.OpenPull(t.Context(), driver.NewPull{Head: heads[0], Base: heads[1], Title: "Nothing"})
		wantKind(t, err, cmserr.Invalid)
	}
	_, err := r.OpenPull(t.Context(), driver.NewPull{Head: "cms/a", Base: "none", Title: "Nowhere"})
	wantKind(t, err, cmserr.NotFound)
}

func TestClosePull_NotOpen(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	made, merged := draft(t, r, "cms/a", put("a", "1"))
	if err := r.MergePull(t.Context(), merged, driver.Merge{ExpectedHead: made}); err != nil {
		t.Fatal(err)
	}
	wantKind(t, r.ClosePull(t.Context(), merged), cmserr.Conflict)
	_, closed := draft(t, r, "cms/b", put("b", "1"))
	for range 2 {
		if err := r.ClosePull(t.Context(), closed); err != nil {
			t.Errorf("closing what is to be closed: %v", err)
		}
	}
	for _, number := range []int{-1, 0, closed + 1} {
		wantKind(t, r.ClosePull(t.Context(), number), cmserr.NotFound)
	}
}

func TestPull_UpdatedAt(t *testing.T) {
	t.Parallel()
	now := noon
	r := Open(Options{Now: func() time.Time { return now }})
	made, number := draft(t, r, "cms/a", put("a", "1"))
	for name, update := range map[string]func(){
		"commit":  func() { made = mustCommit(t, r, "cms/a", made, "", put("a", now.String())) },
		"relabel": func() { _ = r.Relabel(t.Context(), number, []string{now.String()}, nil) },
	} {
		now = now.Add(time.Hour)
		update()
		p, err := r.Pull(t.Context(), "main", "cms/a")
		if err != nil || !p.UpdatedAt.Equal(now) {
			t.Errorf("%s: updated at %v, want %v (%v)", name, p.UpdatedAt, now, err)
		}
	}
}

func TestPull_LabelsCopied(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	_, number := draft(t, r, "cms/a", put("a", "1"))
	if err := r.Relabel(t.Context(), number, []string{"one", "two", "two"}, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p, err := r.Pull(t.Context(), "main", "cms/a")
		if err != nil || !slices.Equal(p.Labels, []string{"one", "two"}) {
			t.Fatalf("got %q, %v", p.Labels, err)
		}
		p.Labels[0] = "changed"
	}
}
