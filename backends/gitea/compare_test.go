package gitea_test

import (
	"context"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/rest"
)

// TestCompare_BaseMergedIn: a draft that took in what was published is compared with
// that, not with where it once began.
func TestCompare_BaseMergedIn(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a", "dir/b.md", "b"))
		r := s.signedIn()
		p := s.draft(r)
		s.theirs(put("a.md", "published"))
		base := s.Head("main")
		if err := s.Repo.UpdatePull(p.Number, "octo", "Merge", false); err != nil {
			t.Fatal(err)
		}
		s.theirs(put("later.md", "not in it"))
		c, err := r.Compare(t.Context(), s.Head("main"), s.Head("cms/posts/a"))
		if err != nil || c.MergeBase != base || len(c.Files) != 1 || c.Files[0].Path != "b.md" || c.Files[0].Status != driver.Added {
			t.Errorf("%+v, %v, want the merge base %s", c, err, base)
		}
		// The other way round, all that came after the merge.
		c, err = r.Compare(t.Context(), s.Head("cms/posts/a"), s.Head("main"))
		if err != nil || c.MergeBase != base || len(c.Files) != 1 || c.Files[0].Path != "later.md" {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// unescaping is a proxy that takes escaped slashes for slashes.
type unescaping struct{ rest.Doer }

func (u unescaping) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	out := *req
	out.URL = strings.ReplaceAll(req.URL, "%2F", "/")
	return u.Doer.Do(ctx, &out)
}

// TestTree_BehindAProxy: some proxies take escaped slashes for slashes.
func TestTree_BehindAProxy(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("content/posts/2024/a.md", "a", "content/posts/b.md", "b"))
		s.Wrap = func(d rest.Doer) rest.Doer { return unescaping{d} }
		r := s.signedIn()
		entries, err := r.Tree(t.Context(), s.Head("main"), "content/posts", true)
		if err != nil || len(entries) != 3 || entries[1].Path != "content/posts/2024/a.md" {
			t.Errorf("%+v, %v", entries, err)
		}
		for _, dir := range []string{"content/none", "content/posts/b.md", "no/such/dir"} {
			if _, err := r.Tree(t.Context(), s.Head("main"), dir, false); !cmserr.Is(err, cmserr.NotFound) {
				t.Errorf("%s: %v", dir, err)
			}
		}
	})
}

// TestRelabel_OfAnOrganisation: a label that the organisation has is not made anew.
func TestRelabel_OfAnOrganisation(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Host.AddUser(fakehost.User{Login: "press", Organization: true})
		s.Host.AddGroupLabel("press", fakehost.Label{Name: "static-cms/draft", Color: "ff0000"})
		repo, err := s.Host.AddRepository("press", "site", map[string]fakehost.File{"a.md": {Content: []byte("a")}}, fakehost.RepositoryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		repo.SetPermission("octo", fakehost.Write)
		s.Repo = repo
		r := s.open("token-of-octo", "press/site")
		p := s.draft(r)
		if err := r.Relabel(t.Context(), p.Number, []string{"static-cms/draft"}, nil); err != nil {
			t.Fatal(err)
		}
		now, err := r.Pull(t.Context(), "main", p.Head)
		if err != nil || len(now.Labels) != 1 || now.Labels[0] != "static-cms/draft" || len(repo.Labels()) != 0 {
			t.Errorf("%+v, %v, and the repository has %+v", now, err, repo.Labels())
		}
	})
}

// TestLastChanges_OfOldCommits: what is not among the newest commits is asked for.
func TestLastChanges_OfOldCommits(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a", "b.md", "b"))
		s.theirs(put("a.md", "a2"))
		for range 55 {
			s.theirs(put("b.md", "b2"))
		}
		changes, err := s.signedIn().LastChanges(t.Context(), s.Head("main"), []string{"a.md", "none.md", "b.md", "README.md"})
		if err != nil || changes[0].Author != "Octo Cat" || !changes[1].Date.IsZero() || changes[3].Date.IsZero() {
			t.Errorf("%+v, %v", changes, err)
		}
	})
}
