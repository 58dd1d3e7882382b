package gitlab_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
	"mooring/backends/rest"
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
	s.t.Helper()
	s.host.ClearRequests()
	head, err := r.Head(s.t.Context(), "main")
	if err != nil {
		s.t.Fatal(err)
	}
	list, err := r.Tree(s.t.Context(), head, "posts", false)
	if err != nil || len(list) != want+1 {
		s.t.Fatalf("%d entries, %v", len(list), err)
	}
	var refs []driver.BlobRef
	for _, e := range list {
		if e.IsFile() {
			refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head})
		}
	}
	blobs, err := r.Blobs(s.t.Context(), refs)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, data := range blobs {
		if text := fmt.Sprintf("text %d, ünï\n", i); string(data) != text {
			s.t.Fatalf("%s reads %q, want %q", refs[i].Path, data, text)
		}
	}
	return len(s.host.Requests())
}

// TestRequests_OfAThousand: a head, a tree, and texts by 150 are as many requests as
// GitLab.com's limit allows.
func TestRequests_OfAThousand(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(1000))
	if n := s.readAll(s.signedIn("glpat-octo"), 1000); n > 9 || s.asked("POST", "Tree") != 1 || s.asked("GET", "") != 1 {
		t.Errorf("%d requests, of them %d for the tree", n, s.asked("POST", "Tree"))
	}
}

// TestRequests_OfAHundredDrafts: the list, what they change, and their texts.
func TestRequests_OfAHundredDrafts(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("glpat-octo")
	for i := range 100 {
		s.by("main", "a.md", fmt.Sprint("published ", i)) // each draft begins elsewhere
		branch := fmt.Sprintf("cms/posts/%03d", i)
		_, err := r.Commit(t.Context(), driver.Commit{Branch: branch, Base: s.head("main"), Message: "Draft",
			Changes: []driver.Change{put(fmt.Sprintf("posts/%03d.md", i), fmt.Sprint("draft ", i, "\n"))}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: branch, Body: "b"}); err != nil {
			t.Fatal(err)
		}
	}
	fresh := s.signedIn("glpat-octo")
	s.host.ClearRequests()
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
	if n := len(s.host.Requests()); n > 7 {
		t.Errorf("%d requests", n)
	}
}

// TestComplexity_IsLearned: a server that bears less than GitLab.com is asked for less,
// and not for too much again.
func TestComplexity_IsLearned(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(300))
	s.host.Set(func(o *fakehost.Settings) { o.MaxComplexity = 100 })
	r := s.signedIn("glpat-octo")
	s.readAll(r, 300)
	s.by("main", "posts/0000.md", "text 0, ünï\n")
	s.by("main", "other.md", "o")
	if n := s.readAll(r, 300); n > 8 {
		t.Errorf("%d requests, though the limit is known", n)
	}
	for _, q := range s.host.Requests() {
		if q.Status != 200 {
			t.Errorf("%s was refused with %d", q.Operation, q.Status)
		}
	}
	if s.asked("GET", "/blobs/") != 0 || s.asked("GET", "/tree") != 0 {
		t.Error("REST was asked")
	}
}

// TestComplexity_TooLittleForAnything: then there is REST.
func TestComplexity_TooLittleForAnything(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(30))
	s.host.Set(func(o *fakehost.Settings) { o.MaxComplexity = 5 })
	r := s.signedIn("glpat-octo")
	s.readAll(r, 30)
	p := s.draft(r)
	if list, err := r.Pulls(t.Context(), "main", "cms/"); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if all, err := r.PullFiles(t.Context(), []driver.Pull{p}); err != nil || len(all[0]) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if got, err := r.LastChanges(t.Context(), s.head("main"), []string{"posts.md"}); err != nil || got[0].Author == "" {
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

// altered changes answers on their way.
type altered struct {
	rest.Doer
	request func(*rest.Request)
	answer  func(*rest.Response)
}

func (a altered) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if a.request != nil {
		out := *req
		a.request(&out)
		req = &out
	}
	res, err := a.Doer.Do(ctx, req)
	if err != nil || a.answer == nil {
		return res, err
	}
	out := *res
	out.Header = rest.Header{}
	for name, value := range res.Header {
		out.Header[name] = value
	}
	a.answer(&out)
	return &out, nil
}

// TestTree_AsOlderServersListIt: without cursors, without totals, without any word of
// what follows.
func TestTree_AsOlderServersListIt(t *testing.T) {
	t.Parallel()
	noKeyset := func(req *rest.Request) { req.URL = strings.Replace(req.URL, "pagination=keyset", "", 1) }
	silent := func(res *rest.Response) {
		for name := range res.Header {
			if name == "link" || strings.HasPrefix(name, "x-") {
				delete(res.Header, name)
			}
		}
	}
	for _, count := range []int{99, 98, 250, 299, 500} { // with a folder, full pages are among them
		for name, a := range map[string]altered{
			"keyset": {}, "offset": {request: noKeyset}, "silent": {request: noKeyset, answer: silent},
			"no link": {request: noKeyset, answer: func(res *rest.Response) { delete(res.Header, "link") }},
		} {
			for _, noTotals := range []bool{false, true} {
				s := serve(t, entries(count))
				s.host.Set(func(o *fakehost.Settings) { o.NoTotals = noTotals })
				s.wrap = func(d rest.Doer) rest.Doer { a.Doer = d; return a }
				r := s.open("glpat-octo", ways["REST"])
				list, err := r.Tree(t.Context(), s.head("main"), "posts", false)
				if err != nil || len(list) != count+1 {
					t.Errorf("%s, no totals %v: %d of %d, %v", name, noTotals, len(list), count+1, err)
				}
			}
		}
	}
}

var (
	cursorInAnswer  = regexp.MustCompile(`"endCursor":"`)
	cursorInRequest = regexp.MustCompile(`"opaque-`)
)

// TestTree_OpaqueCursors: where cursors look otherwise than GitLab's do today, a listing
// is complete all the same.
func TestTree_OpaqueCursors(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(450))
	s.wrap = func(d rest.Doer) rest.Doer {
		return altered{d,
			func(req *rest.Request) { req.Body = cursorInRequest.ReplaceAll(req.Body, []byte(`"`)) },
			func(res *rest.Response) {
				res.Body = cursorInAnswer.ReplaceAll(res.Body, []byte(`"endCursor":"opaque-`))
			},
		}
	}
	r := s.signedIn("glpat-octo")
	list, err := r.Tree(t.Context(), s.head("main"), "posts", true)
	if err != nil || len(list) != 452 || s.asked("POST", "Tree") != 5 {
		t.Errorf("%d entries in %d requests, %v", len(list), s.asked("POST", "Tree"), err)
	}
}

// TestTree_GatewayTroubles: a query that a server in front of GitLab gives up is asked for
// in small pages, which are asked for again.
func TestTree_GatewayTroubles(t *testing.T) {
	t.Parallel()
	for _, status := range []int{502, 504} {
		s := serve(t, entries(250))
		s.host.Fault(fakehost.Rule{Operation: "Tree", Count: 1, Effect: fakehost.Effect{Status: status}})
		s.host.Fault(fakehost.Rule{Path: "*/tree", Count: 1, Effect: fakehost.Effect{Status: status}})
		list, err := s.signedIn("glpat-octo").Tree(t.Context(), s.head("main"), "posts", false)
		if err != nil || len(list) != 251 {
			t.Errorf("%d: %d entries, %v", status, len(list), err)
		}
	}
}

// TestTree_Misshapen: pages that are not what they should be are no listing.
func TestTree_Misshapen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(map[string]any){
		"one page twice": func(tree map[string]any) { tree["b1"] = tree["b0"] },
		"no list":        func(tree map[string]any) { tree["b0"] = nil },
		"no next": func(tree map[string]any) {
			tree["b1"].(map[string]any)["pageInfo"] = map[string]any{"hasNextPage": true}
		},
		"an empty page":   func(tree map[string]any) { tree["b1"].(map[string]any)["nodes"] = []any{} },
		"no names at all": func(tree map[string]any) { tree["t0"].(map[string]any)["nodes"] = []any{map[string]any{"sha": "1"}} },
	} {
		s := serve(t, entries(250))
		s.host.Fault(fakehost.Rule{Method: "GET", Path: "*/tree", Effect: fakehost.Effect{Status: 500}})
		s.wrap = func(d rest.Doer) rest.Doer {
			return altered{d, nil, func(res *rest.Response) {
				var v map[string]any
				if json.Unmarshal(res.Body, &v) != nil || v["data"] == nil {
					return
				}
				change(v["data"].(map[string]any)["project"].(map[string]any)["repository"].(map[string]any)["tree"].(map[string]any))
				res.Body, _ = json.Marshal(v)
			}}
		}
		if list, err := s.signedIn("glpat-octo").Tree(t.Context(), s.head("main"), "posts", false); err == nil {
			t.Errorf("%s: %d entries", name, len(list))
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
		refs = append(refs, driver.BlobRef{Path: path, Commit: s.head("main")})
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
		s.repo.SetPermission("octo", fakehost.Write)
		r := s.open("glpat-octo", gitlab.Config{Repo: "team/web.more/docs/site", NoGraphQL: noGraphQL})
		if a, err := r.Access(t.Context()); err != nil || !a.Write || a.DefaultBranch != "main" {
			t.Errorf("%+v, %v", a, err)
		}
		p := s.draft(r)
		if err := r.MergePull(t.Context(), p.Number, publish(p)); err != nil || s.text("main", "a.md") != "draft" {
			t.Error(err)
		}
		if s.asked("POST", "/git/lab/api/graphql") == 0 != noGraphQL {
			t.Errorf("GraphQL is not where it is looked for")
		}
	}
}

func TestRateLimit_WaitsOrSaysUntilWhen(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	r := s.signedIn("glpat-octo")
	s.host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{Status: 429, RetryAfter: time.Second}})
	if _, err := r.Head(t.Context(), "main"); err != nil {
		t.Errorf("a short wait: %v", err)
	}
	s.host.Fault(fakehost.Rule{Effect: fakehost.Effect{PrimaryLimit: time.Hour}})
	_, err := r.Head(t.Context(), "main")
	e := cmserr.From(err)
	if e.Kind != cmserr.RateLimited || e.RetryAfter < 50*time.Minute || !strings.Contains(e.Msg, "UTC") {
		t.Errorf("%+v", e)
	}
}
