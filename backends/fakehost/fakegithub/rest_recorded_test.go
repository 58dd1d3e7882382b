package fakegithub

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/recorded"
)

const recordings = "../../../../shared/recorded/github"

const graphqlURL = "/graphql"

// recordedCalls are those over REST.
func recordedCalls(t *testing.T) []recorded.Call {
	t.Helper()
	return slices.DeleteFunc(recorded.Calls(t, recordings), func(c recorded.Call) bool { return c.URL == graphqlURL })
}

const repoPath = `^/repos/[^/]+/[^/]+`

// like pairs recorded requests with a comparable one.
type like struct {
	recorded.Kind

	as      string                    // login
	path    func(*decapSite) string   // of the comparable one
	body    func(s *decapSite) string // likewise
	used    []string                  // what clients read: it must be there
	differs []string                  // paths that the fake has and no recording, or of another type
}

func at(path string) func(*decapSite) string { return func(*decapSite) string { return path } }

var (
	commitUse = []string{".sha", ".commit.author.name", ".commit.author.date", ".commit.message", ".parents[].sha"}
	pullUse   = []string{".number", ".state", ".title", ".updated_at", ".merged_at", ".head.ref", ".head.sha",
		".head.repo.full_name", ".base.ref", ".base.sha", ".labels[].name", ".user.login", ".html_url"}
	repoUse  = []string{".full_name", ".default_branch", ".permissions.push", ".owner.login", ".fork", ".private"}
	errorUse = []string{".message", ".documentation_url"}
	// newError is what the host has added to its errors since.
	newError = []string{".status"}
)

func within(prefix string, paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = prefix + p
	}
	return list
}

var likes = []like{
	// The recorded answer was cut down to four keys.
	{Kind: recorded.To("GET", `^/user$`, 200), path: at("/user"), used: []string{".login", ".id", ".name", ".avatar_url"},
		differs: []string{".*"}},
	{Kind: recorded.To("GET", repoPath+`$`, 200), as: "forkOwner", path: at("/repos/forkOwner/repo"),
		used: append([]string{".parent.full_name", ".source.full_name"}, repoUse...)},
	{Kind: recorded.To("GET", repoPath+`$`, 404), path: at("/repos/owner/none"), used: errorUse, differs: newError},
	{Kind: recorded.To("POST", repoPath+`/forks$`, 202), as: "forkOwner", path: at("/repos/owner/repo/forks"),
		used:    append([]string{".parent.full_name"}, repoUse...),
		differs: []string{".allow_merge_commit", ".allow_squash_merge", ".allow_rebase_merge", ".delete_branch_on_merge", ".temp_clone_token"}},
	{Kind: recorded.To("GET", repoPath+`/collaborators/\w+/permission$`, 200),
		path: at("/repos/owner/repo/collaborators/owner/permission"), used: []string{".permission", ".user.login"}},
	{Kind: recorded.To("GET", repoPath+`/collaborators/\w+/permission$`, 403), as: "forkOwner",
		path: at("/repos/owner/repo/collaborators/forkOwner/permission"), used: errorUse, differs: newError},
	{Kind: recorded.To("GET", repoPath+`/branches/`, 200), path: at("/repos/owner/repo/branches/cms%2Fposts%2Fnew"),
		used: within(".commit", commitUse)},
	{Kind: recorded.To("GET", repoPath+`/branches/`, 404), path: at("/repos/owner/repo/branches/cms/none"),
		used: errorUse, differs: newError},
	{Kind: recorded.To("GET", repoPath+`/commits\?`, 200),
		path: at("/repos/owner/repo/commits?path=content/posts/old.md&sha=master"), used: within("[]", commitUse[:4])},
	{Kind: recorded.To("GET", repoPath+`/commits/\w+/status$`, 200),
		path: func(s *decapSite) string { return "/repos/owner/repo/commits/" + s.head("cms/posts/new") + "/status" },
		// No recorded commit had a status.
		used: []string{".statuses[].context", ".statuses[].target_url", ".statuses[].state"}, differs: []string{".statuses[]*"}},
	{Kind: recorded.To("GET", repoPath+`/compare/`, 200), path: at("/repos/owner/repo/compare/master...owner:cms%2Fposts%2Fnew"),
		used: append(within(".commits[]", commitUse), ".files[].filename", ".files[].sha", ".files[].status", ".files[].patch",
			".base_commit.sha", ".merge_base_commit.sha", ".ahead_by", ".behind_by", ".total_commits", ".status")},
	{Kind: recorded.To("GET", repoPath+`/compare/`, 404), path: at("/repos/owner/repo/compare/master...owner:none"),
		used: errorUse, differs: newError},
	{Kind: recorded.To("GET", repoPath+`/git/blobs/\w+$`, 200),
		path: func(s *decapSite) string { return "/repos/owner/repo/git/blobs/" + s.blob("content/posts/old.md") },
		used: []string{".content", ".encoding", ".size", ".sha"}},
	{Kind: recorded.To("GET", repoPath+`/git/refs/heads/cms`, 404), as: "forkOwner",
		path: at("/repos/forkOwner/repo/git/refs/heads/cms/forkOwner/repo"), used: errorUse, differs: newError},
	{Kind: recorded.To("GET", repoPath+`/git/trees/[^/]+:`, 200), path: at("/repos/owner/repo/git/trees/master:content%2Fposts"),
		used: []string{".tree[].path", ".tree[].type", ".tree[].sha", ".tree[].size", ".tree[].mode", ".truncated"}},
	{Kind: recorded.To("GET", repoPath+`/git/trees/`, 200), path: at("/repos/owner/repo/git/trees/cms/posts/new:content/posts"),
		used: []string{".tree[].path"}},
	{Kind: recorded.To("GET", repoPath+`/git/trees/`, 404), path: at("/repos/owner/repo/git/trees/master:no/folder"),
		used: errorUse, differs: newError},
	{Kind: recorded.To("GET", repoPath+`/pulls\?`, 200), path: at("/repos/owner/repo/pulls?head=owner:cms/posts/new&base=master&state=open&per_page=100"),
		used: within("[]", pullUse)},
	{Kind: recorded.To("PATCH", repoPath+`/pulls/\d+$`, 200), path: at("/repos/owner/repo/pulls/1"),
		body: func(*decapSite) string { return `{"state":"closed"}` }, used: pullUse,
		// No recorded one had a label.
		differs: []string{".labels[]*"}},
	{Kind: recorded.To("POST", repoPath+`/pulls$`, 201), path: at("/repos/owner/repo/pulls"),
		body: func(s *decapSite) string {
			s.branch("cms/posts/two")
			return `{"title":"T","head":"owner:cms/posts/two","base":"master","body":"B"}`
		}, used: pullUse[:10],
		// The real host works mergeability out later.
		differs: []string{".mergeable", ".rebaseable"}},
	{Kind: recorded.To("PUT", repoPath+`/pulls/\d+/merge$`, 200), path: at("/repos/owner/repo/pulls/1/merge"),
		body: func(s *decapSite) string {
			return `{"commit_message":"M","merge_method":"merge","sha":"` + s.head("cms/posts/new") + `"}`
		}, used: []string{".sha", ".merged"}},
	{Kind: recorded.To("PUT", repoPath+`/issues/\d+/labels$`, 200), path: at("/repos/owner/repo/issues/1/labels"),
		body: func(*decapSite) string { return `{"labels":["decap-cms/pending_publish"]}` }, used: []string{"[].name", "[].color"}},
	{Kind: recorded.To("POST", repoPath+`/git/blobs$`, 201), path: at("/repos/owner/repo/git/blobs"),
		body: func(*decapSite) string { return `{"content":"YQ==","encoding":"base64"}` }, used: []string{".sha"}},
	{Kind: recorded.To("POST", repoPath+`/git/trees$`, 201), path: at("/repos/owner/repo/git/trees"),
		body: func(s *decapSite) string {
			return `{"base_tree":"` + s.head("master") + `","tree":[{"path":"a.md","mode":"100644","type":"blob","sha":"` +
				s.blob("content/posts/old.md") + `"}]}`
		}, used: []string{".sha"}},
	{Kind: recorded.To("POST", repoPath+`/git/commits$`, 201), path: at("/repos/owner/repo/git/commits"),
		body: func(s *decapSite) string {
			return `{"message":"M","tree":"` + s.tree() + `","parents":["` + s.head("master") + `"]}`
		}, used: []string{".sha"}},
	{Kind: recorded.To("POST", repoPath+`/git/refs$`, 201), path: at("/repos/owner/repo/git/refs"),
		body: func(s *decapSite) string { return `{"ref":"refs/heads/cms/x","sha":"` + s.head("master") + `"}` },
		used: []string{".ref", ".object.sha"}},
	{Kind: recorded.To("PATCH", repoPath+`/git/refs/heads/`, 200), path: at("/repos/owner/repo/git/refs/heads/cms%2Fposts%2Fnew"),
		body: func(s *decapSite) string { return `{"sha":"` + s.head("master") + `","force":true}` }, used: []string{".object.sha"}},
	{Kind: recorded.To("DELETE", repoPath+`/git/refs/heads/`, 204), path: at("/repos/owner/repo/git/refs/heads/cms%2Fposts%2Fnew")},
}

func (d *decapSite) blob(path string) string {
	d.t.Helper()
	e, ok := d.repo.Resolve("master:" + path)
	if !ok {
		d.t.Fatalf("no %s", path)
	}
	return e.ID.String()
}

// branch makes a branch with a commit of its own.
func (d *decapSite) branch(name string) {
	d.t.Helper()
	change := fakehost.Change{Path: "content/" + name, Content: []byte("text")}
	if _, err := d.repo.Commit(name, object.Signature{Name: "owner", Email: "owner@example.com"}, "More", change); err != nil {
		d.t.Fatal(err)
	}
}

func (d *decapSite) tree() string {
	e, ok := d.repo.Resolve("master:")
	if !ok {
		d.t.Fatal("no tree")
	}
	return e.ID.String()
}

// TestREST_LikeRecorded compares the shape of the fake's answer to that of all
// comparable recorded answers: the status, every key and the types.
func TestREST_LikeRecorded(t *testing.T) {
	t.Parallel()
	calls := recordedCalls(t)
	for _, l := range likes {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			like := l.Of(t, calls)
			s := newDecapSite(t)
			body := ""
			if l.body != nil {
				body = l.body(s)
			}
			login := l.as
			if login == "" {
				login = "owner"
			}
			r := s.asks(login, l.Method(), l.path(s), body)
			if r.status != l.Status() {
				t.Fatalf("the status is %d, not %d: %s", r.status, l.Status(), r.body)
			}
			compareHeaders(t, r.header, like[0].Headers)
			l.compare(t, recorded.ShapeOf(t, r.body), recorded.ShapeOfAnswers(t, like))
		})
	}
}

// compareHeaders demands the headers that say something of the body or the
// caller, and that what may be read across origins still may.
func compareHeaders(t *testing.T, got http.Header, want map[string]string) {
	t.Helper()
	for _, name := range []string{"Content-Type", "X-RateLimit-Limit", "X-OAuth-Scopes", "X-GitHub-Media-Type",
		"Access-Control-Allow-Origin", "Cache-Control", "Location", "X-Poll-Interval"} {
		_, recorded := want[name]
		if recorded && got.Get(name) == "" {
			t.Errorf("the fake sends no %s", name)
		}
	}
	exposed := strings.Split(got.Get("Access-Control-Expose-Headers"), ", ")
	for _, name := range strings.Split(want["Access-Control-Expose-Headers"], ", ") {
		if !slices.Contains(exposed, name) {
			t.Errorf("the fake doesn't expose %q", name)
		}
	}
}

// compare demands of each path of the fake that a recording has it with the
// same type, and that the fake has what clients read. What isn't known yet, or
// not set, may be null.
func (l like) compare(t *testing.T, got, want recorded.Shape) {
	t.Helper()
	differs := func(path string) bool { return recorded.Among(path, l.differs) }
	got.Without(differs).Within(t, want)
	for _, path := range l.used {
		if got[path] == nil {
			t.Errorf("the fake has no %s", path)
		}
		if want[path] == nil && !differs(path) {
			t.Errorf("the real host has no %s: the table is wrong", path)
		}
	}
}

// TestREST_AllRecordedAreCompared finds recorded calls that the table forgot.
func TestREST_AllRecordedAreCompared(t *testing.T) {
	t.Parallel()
	calls := recordedCalls(t)
	if len(calls) < 700 {
		t.Errorf("only %d recorded calls were found", len(calls))
	}
	recorded.AllCompared(t, calls, likes)
}
