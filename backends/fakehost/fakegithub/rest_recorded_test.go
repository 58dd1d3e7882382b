package fakegithub

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// recordedCall is a REST exchange with the real host.
type recordedCall struct {
	Method, URL string
	Status      int
	Headers     map[string]string
	Response    any
}

func recordedCalls(t *testing.T) []recordedCall {
	t.Helper()
	root, err := moduleFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(root), "..", "shared", "recorded", "github", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no recorded answers in ../shared/recorded/github")
	}
	var all []recordedCall
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list := decode[[]recordedCall](t, string(text))
		all = append(all, slices.DeleteFunc(list, func(c recordedCall) bool { return c.URL == "/graphql" })...)
	}
	return all
}

const repoPath = `^/repos/[^/]+/[^/]+`

// like pairs recorded requests with a comparable one.
type like struct {
	method, url string // of the recorded ones; url is a pattern
	status      int
	as          string                    // login
	path        func(*decapSite) string   // of the comparable one
	body        func(s *decapSite) string // likewise
	used        []string                  // what clients read: it must be there
	differs     []string                  // paths that the fake has and no recording, or of another type
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
	{method: "GET", url: `^/user$`, status: 200, path: at("/user"), used: []string{".login", ".id", ".name", ".avatar_url"},
		differs: []string{".*"}},
	{method: "GET", url: repoPath + `$`, status: 200, as: "forkOwner", path: at("/repos/forkOwner/repo"),
		used: append([]string{".parent.full_name", ".source.full_name"}, repoUse...)},
	{method: "GET", url: repoPath + `$`, status: 404, path: at("/repos/owner/none"), used: errorUse, differs: newError},
	{method: "POST", url: repoPath + `/forks$`, status: 202, as: "forkOwner", path: at("/repos/owner/repo/forks"),
		used:    append([]string{".parent.full_name"}, repoUse...),
		differs: []string{".allow_merge_commit", ".allow_squash_merge", ".allow_rebase_merge", ".delete_branch_on_merge", ".temp_clone_token"}},
	{method: "GET", url: repoPath + `/collaborators/\w+/permission$`, status: 200,
		path: at("/repos/owner/repo/collaborators/owner/permission"), used: []string{".permission", ".user.login"}},
	{method: "GET", url: repoPath + `/collaborators/\w+/permission$`, status: 403, as: "forkOwner",
		path: at("/repos/owner/repo/collaborators/forkOwner/permission"), used: errorUse, differs: newError},
	{method: "GET", url: repoPath + `/branches/`, status: 200, path: at("/repos/owner/repo/branches/cms%2Fposts%2Fnew"),
		used: within(".commit", commitUse)},
	{method: "GET", url: repoPath + `/branches/`, status: 404, path: at("/repos/owner/repo/branches/cms/none"),
		used: errorUse, differs: newError},
	{method: "GET", url: repoPath + `/commits\?`, status: 200,
		path: at("/repos/owner/repo/commits?path=content/posts/old.md&sha=master"), used: within("[]", commitUse[:4])},
	{method: "GET", url: repoPath + `/commits/\w+/status$`, status: 200,
		path: func(s *decapSite) string { return "/repos/owner/repo/commits/" + s.head("cms/posts/new") + "/status" },
		// No recorded commit had a status.
		used: []string{".statuses[].context", ".statuses[].target_url", ".statuses[].state"}, differs: []string{".statuses[]*"}},
	{method: "GET", url: repoPath + `/compare/`, status: 200, path: at("/repos/owner/repo/compare/master...owner:cms%2Fposts%2Fnew"),
		used: append(within(".commits[]", commitUse), ".files[].filename", ".files[].sha", ".files[].status", ".files[].patch",
			".base_commit.sha", ".merge_base_commit.sha", ".ahead_by", ".behind_by", ".total_commits", ".status")},
	{method: "GET", url: repoPath + `/compare/`, status: 404, path: at("/repos/owner/repo/compare/master...owner:none"),
		used: errorUse, differs: newError},
	{method: "GET", url: repoPath + `/git/blobs/\w+$`, status: 200,
		path: func(s *decapSite) string { return "/repos/owner/repo/git/blobs/" + s.blob("content/posts/old.md") },
		used: []string{".content", ".encoding", ".size", ".sha"}},
	{method: "GET", url: repoPath + `/git/refs/heads/cms`, status: 404, as: "forkOwner",
		path: at("/repos/forkOwner/repo/git/refs/heads/cms/forkOwner/repo"), used: errorUse, differs: newError},
	{method: "GET", url: repoPath + `/git/trees/[^/]+:`, status: 200, path: at("/repos/owner/repo/git/trees/master:content%2Fposts"),
		used: []string{".tree[].path", ".tree[].type", ".tree[].sha", ".tree[].size", ".tree[].mode", ".truncated"}},
	{method: "GET", url: repoPath + `/git/trees/`, status: 200, path: at("/repos/owner/repo/git/trees/cms/posts/new:content/posts"),
		used: []string{".tree[].path"}},
	{method: "GET", url: repoPath + `/git/trees/`, status: 404, path: at("/repos/owner/repo/git/trees/master:no/folder"),
		used: errorUse, differs: newError},
	{method: "GET", url: repoPath + `/pulls\?`, status: 200, path: at("/repos/owner/repo/pulls?head=owner:cms/posts/new&base=master&state=open&per_page=100"),
		used: within("[]", pullUse)},
	{method: "PATCH", url: repoPath + `/pulls/\d+$`, status: 200, path: at("/repos/owner/repo/pulls/1"),
		body: func(*decapSite) string { return `{"state":"closed"}` }, used: pullUse,
		// No recorded one had a label.
		differs: []string{".labels[]*"}},
	{method: "POST", url: repoPath + `/pulls$`, status: 201, path: at("/repos/owner/repo/pulls"),
		body: func(s *decapSite) string {
			s.branch("cms/posts/two")
			return `{"title":"T","head":"owner:cms/posts/two","base":"master","body":"B"}`
		}, used: pullUse[:10],
		// The real host works mergeability out later.
		differs: []string{".mergeable", ".rebaseable"}},
	{method: "PUT", url: repoPath + `/pulls/\d+/merge$`, status: 200, path: at("/repos/owner/repo/pulls/1/merge"),
		body: func(s *decapSite) string {
			return `{"commit_message":"M","merge_method":"merge","sha":"` + s.head("cms/posts/new") + `"}`
		}, used: []string{".sha", ".merged"}},
	{method: "PUT", url: repoPath + `/issues/\d+/labels$`, status: 200, path: at("/repos/owner/repo/issues/1/labels"),
		body: func(*decapSite) string { return `{"labels":["decap-cms/pending_publish"]}` }, used: []string{"[].name", "[].color"}},
	{method: "POST", url: repoPath + `/git/blobs$`, status: 201, path: at("/repos/owner/repo/git/blobs"),
		body: func(*decapSite) string { return `{"content":"YQ==","encoding":"base64"}` }, used: []string{".sha"}},
	{method: "POST", url: repoPath + `/git/trees$`, status: 201, path: at("/repos/owner/repo/git/trees"),
		body: func(s *decapSite) string {
			return `{"base_tree":"` + s.head("master") + `","tree":[{"path":"a.md","mode":"100644","type":"blob","sha":"` +
				s.blob("content/posts/old.md") + `"}]}`
		}, used: []string{".sha"}},
	{method: "POST", url: repoPath + `/git/commits$`, status: 201, path: at("/repos/owner/repo/git/commits"),
		body: func(s *decapSite) string {
			return `{"message":"M","tree":"` + s.tree() + `","parents":["` + s.head("master") + `"]}`
		}, used: []string{".sha"}},
	{method: "POST", url: repoPath + `/git/refs$`, status: 201, path: at("/repos/owner/repo/git/refs"),
		body: func(s *decapSite) string { return `{"ref":"refs/heads/cms/x","sha":"` + s.head("master") + `"}` },
		used: []string{".ref", ".object.sha"}},
	{method: "PATCH", url: repoPath + `/git/refs/heads/`, status: 200, path: at("/repos/owner/repo/git/refs/heads/cms%2Fposts%2Fnew"),
		body: func(s *decapSite) string { return `{"sha":"` + s.head("master") + `","force":true}` }, used: []string{".object.sha"}},
	{method: "DELETE", url: repoPath + `/git/refs/heads/`, status: 204, path: at("/repos/owner/repo/git/refs/heads/cms%2Fposts%2Fnew")},
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

// matching are the recorded calls that a line of the table stands for.
func (l like) matching(calls []recordedCall) []recordedCall {
	url := regexp.MustCompile(l.url)
	return slices.DeleteFunc(slices.Clone(calls), func(c recordedCall) bool {
		return c.Method != l.method || c.Status != l.status || !url.MatchString(c.URL)
	})
}

func (l like) name() string {
	return l.method + " " + strings.Trim(strings.ReplaceAll(l.url, repoPath, ""), "^$/") + " " + strconv.Itoa(l.status)
}

// TestREST_LikeRecorded compares the shape of the fake's answer to that of all
// comparable recorded answers: the status, every key and the types.
func TestREST_LikeRecorded(t *testing.T) {
	t.Parallel()
	calls := recordedCalls(t)
	for _, l := range likes {
		t.Run(l.name(), func(t *testing.T) {
			t.Parallel()
			recorded := l.matching(calls)
			if len(recorded) == 0 {
				t.Fatal("nothing like it was recorded")
			}
			s := newDecapSite(t)
			body := ""
			if l.body != nil {
				body = l.body(s)
			}
			login := l.as
			if login == "" {
				login = "owner"
			}
			r := s.asks(login, l.method, l.path(s), body)
			if r.status != l.status {
				t.Fatalf("the status is %d, not %d: %s", r.status, l.status, r.body)
			}
			compareHeaders(t, r.header, recorded[0].Headers)
			if l.status == http.StatusNoContent {
				return
			}
			want, got := map[string][]string{}, map[string][]string{}
			for _, c := range recorded {
				shape(content(t, c), "", want)
			}
			shape(decode[any](t, r.body), "", got)
			l.compare(t, got, want)
		})
	}
}

// content is the recorded body: JSON in a string.
func content(t *testing.T, c recordedCall) any {
	t.Helper()
	text, ok := c.Response.(string)
	if !ok {
		t.Fatalf("the body of %s %s is a %T", c.Method, c.URL, c.Response)
	}
	return decode[any](t, text)
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

func (l like) allowed(path string) bool {
	return slices.ContainsFunc(l.differs, func(d string) bool {
		prefix, open := strings.CutSuffix(d, "*")
		return path == d || open && strings.HasPrefix(path, prefix)
	})
}

// compare demands of each path of the fake that a recording has it with the
// same type, and that the fake has what clients read. What isn't known yet, or
// not set, may be null.
func (l like) compare(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for path, types := range got {
		if l.allowed(path) {
			continue
		}
		if want[path] == nil {
			t.Errorf("the real host has no %s", path)
			continue
		}
		for _, typ := range types {
			if typ != "<nil>" && !slices.Contains(want[path], typ) {
				t.Errorf("%s is a %s, the real host's is a %v", path, typ, want[path])
			}
		}
	}
	for _, path := range l.used {
		if got[path] == nil {
			t.Errorf("the fake has no %s", path)
		}
		if want[path] == nil && !l.allowed(path) {
			t.Errorf("the real host has no %s: the table is wrong", path)
		}
	}
}

// TestREST_AllRecordedAreCompared finds recorded calls that the table forgot.
func TestREST_AllRecordedAreCompared(t *testing.T) {
	t.Parallel()
	rest := recordedCalls(t)
	if len(rest) < 700 {
		t.Errorf("only %d recorded calls were found", len(rest))
	}
	for _, l := range likes {
		found := l.matching(rest)
		rest = slices.DeleteFunc(rest, func(c recordedCall) bool {
			return slices.ContainsFunc(found, func(f recordedCall) bool { return f.Method == c.Method && f.URL == c.URL && f.Status == c.Status })
		})
	}
	for _, c := range rest {
		t.Errorf("nothing is compared with %s %s, which the host answered with %d", c.Method, c.URL, c.Status)
	}
}
