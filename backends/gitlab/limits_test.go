package gitlab_test

import (
	"fmt"
	"net/http"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

// entries are a folder of so many texts.
func entries(n int) map[string]drivertest.File {
	seed := files("posts/sub/deep.md", "deep", "posts.md", "beside")
	for i := range n {
		seed[fmt.Sprintf("posts/%04d.md", i)] = drivertest.File{Data: fmt.Appendf(nil, "text %d, ünï\n", i)}
	}
	return seed
}

// readAll lists posts and reads every file in it, and counts the requests.
func (s *site) readAll(r *gitlab.Repo, want int) (requests int) {
	s.T.Helper()
	s.Host.ClearRequests()
	head, err := r.Head(s.T.Context(), "main")
	if err != nil {
		s.T.Fatal(err)
	}
	list, err := r.Tree(s.T.Context(), head, "posts", false)
	if err != nil || len(list) != want+1 {
		s.T.Fatalf("%d entries, %v", len(list), err)
	}
	var refs []driver.BlobRef
	for _, e := range list {
		if e.IsFile() {
			refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head})
		}
	}
	blobs, err := r.Blobs(s.T.Context(), refs)
	if err != nil {
		s.T.Fatal(err)
	}
	for i, data := range blobs {
		if text := fmt.Sprintf("text %d, ünï\n", i); string(data) != text {
			s.T.Fatalf("%s reads %q, want %q", refs[i].Path, data, text)
		}
	}
	return len(s.Host.Requests())
}

// TestRequests_OfAThousand: a head, a tree, and texts by 150 are as many requests as
// GitLab.com's limit allows.
func TestRequests_OfAThousand(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(1000))
	if n := s.readAll(s.signedIn("glpat-octo"), 1000); n > 9 || s.Asked("POST", "Tree") != 1 || s.Asked("GET", "") != 1 {
		t.Errorf("%d requests, of them %d for the tree", n, s.Asked("POST", "Tree"))
	}
}

// TestRequests_OfAHundredDrafts: the list, what they change, and their texts.
func TestRequests_OfAHundredDrafts(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("glpat-octo")
	for i := range 100 {
		s.Theirs("main", "a.md", fmt.Sprint("published ", i)) // each draft begins elsewhere
		branch := fmt.Sprintf("cms/posts/%03d", i)
		_, err := r.Commit(t.Context(), driver.Commit{Branch: branch, Base: s.Head("main"), Message: "Draft",
			Changes: []driver.Change{put(fmt.Sprintf("posts/%03d.md", i), fmt.Sprint("draft ", i, "\n"))}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: branch, Body: "b"}); err != nil {
			t.Fatal(err)
		}
	}
	fresh := s.signedIn("glpat-octo")
	s.Host.ClearRequests()
	pulls, err := fresh.Pulls(t.Context(), "main", "cms/")
	if err != nil || len(pulls) != 100 || pulls[0].MergeBase == "" {
		t.Fatal(len(pulls), err)
	}
	all, err := fresh.PullFiles(t.Context(), pulls)
	if err != nil {
		t.Fatal(err)
	}
	var refs []driver.BlobRef
	for i, list := range all {
		if len(list) != 1 || list[0].Status != driver.Added {
			t.Fatalf("%+v", list)
		}
		refs = append(refs, driver.BlobRef{ID: list[0].ID, Path: list[0].Path, Commit: pulls[i].HeadCommit})
	}
	blobs, err := fresh.Blobs(t.Context(), refs)
	if err != nil || string(blobs[99]) != "draft 99\n" {
		t.Fatal(err)
	}
	if n := len(s.Host.Requests()); n > 7 {
		t.Errorf("%d requests", n)
	}
}

// TestComplexity_IsLearned: a server that bears less than GitLab.com is asked for less,
// and not for too much again.
func TestComplexity_IsLearned(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(300))
	s.Host.Set(func(o *fakehost.Settings) { o.MaxComplexity = 100 })
	r := s.signedIn("glpat-octo")
	s.readAll(r, 300)
	s.Theirs("main", "posts/0000.md", "text 0, ünï\n")
	s.Theirs("main", "other.md", "o")
	if n := s.readAll(r, 300); n > 8 {
		t.Errorf("%d requests, though the limit is known", n)
	}
	for _, q := range s.Host.Requests() {
		if q.Status != 200 {
			t.Errorf("%s was refused with %d", q.Operation, q.Status)
		}
	}
	if s.Asked("GET", "/blobs/") != 0 || s.Asked("GET", "/tree") != 0 {
		t.Error("REST was asked")
	}
}

// TestComplexity_TooLittleForAnything: then there is REST.
func TestComplexity_TooLittleForAnything(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(30))
	s.Host.Set(func(o *fakehost.Settings) { o.MaxComplexity = 5 })
	r := s.signedIn("glpat-octo")
	s.readAll(r, 30)
	p := s.draft(r)
	if list, err := r.Pulls(t.Context(), "main", "cms/"); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if all, err := r.PullFiles(t.Context(), []driver.Pull{p}); err != nil || len(all[0]) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if got, err := r.LastChanges(t.Context(), s.Head("main"), []string{"posts.md"}); err != nil || got[0].Author == "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestGraphQL_Refused: a door without GraphQL is asked once.
func TestGraphQL_Refused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed} {
		s := serve(t, entries(12))
		s.refuse = status
		r := s.signedIn("glpat-octo")
		s.readAll(r, 12)
		if a, err := r.Access(t.Context()); err != nil || !a.Write {
			t.Errorf("%+v, %v", a, err)
		}
		if s.refused != 1 {
			t.Errorf("%d requests to GraphQL", s.refused)
		}
	}
}

// TestBlobs_OtherEncodings: what GitLab turns into UTF-8 is read byte by byte.
func TestBlobs_OtherEncodings(t *testing.T) {
	t.Parallel()
	seed := files("utf8.md", "Grüße\n", "empty.md", "")
	seed["latin1.md"] = drivertest.File{Data: []byte("Gr\xfc\xdfe\n")}
	seed["utf16.md"] = drivertest.File{Data: []byte("\xff\xfeG\x00r\x00")}
	s := serve(t, seed)
	r := s.signedIn("glpat-octo")
	var refs []driver.BlobRef
	for path := range seed {
		refs = append(refs, driver.BlobRef{Path: path, Commit: s.Head("main")})
	}
	blobs, err := r.Blobs(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	for i, ref := range refs {
		if want := seed[ref.Path].Data; string(blobs[i]) != string(want) {
			t.Errorf("%s: %q, want %q", ref.Path, blobs[i], want)
		}
	}
}

// TestSite_AnywhereOnAServer: a project in groups within groups, below a relative URL.
func TestSite_AnywhereOnAServer(t *testing.T) {
	t.Parallel()
	for _, noGraphQL := range []bool{false, true} {
		s := serveAt(t, "team/web.more/docs", "/git/lab", files("a.md", "a", "b.md", "b"))
		s.Repo.SetPermission("octo", fakehost.Write)
		r := s.open("glpat-octo", gitlab.Config{Repo: "team/web.more/docs/site", NoGraphQL: noGraphQL})
		if a, err := r.Access(t.Context()); err != nil || !a.Write || a.DefaultBranch != "main" {
			t.Errorf("%+v, %v", a, err)
		}
		p := s.draft(r)
		if err := r.MergePull(t.Context(), p.Number, publish(p)); err != nil || s.Text("main", "a.md") != "draft" {
			t.Error(err)
		}
		if s.Asked("POST", "/git/lab/api/graphql") == 0 != noGraphQL {
			t.Errorf("GraphQL is not where it is looked for")
		}
	}
}

func TestRateLimit_WaitsOrSaysUntilWhen(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	s.CheckRateLimit(s.signedIn("glpat-octo"))
}
