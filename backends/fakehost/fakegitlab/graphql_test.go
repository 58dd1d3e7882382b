package fakegitlab

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// in asks for something of the project's as its owner, and answers what the
// project is.
func (s *site) in(selection string) string {
	s.t.Helper()
	body := s.ask("owner", `{ project(fullPath: "owner/repo") { `+selection+` } }`, nil)
	return strings.TrimSuffix(strings.TrimPrefix(body, `{"data":{"project":{`), `}}}`)
}

func TestGraphQL_BuiltInQueries(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"posts/a.md": "text of a", "posts/b/c.md": "c"})
	last := s.change("main", "posts/b/c.md", "changed")
	const files = `query files($repo: ID!, $branch: String!, $path: String!, $recursive: Boolean!, $cursor: String) {
		project(fullPath: $repo) { repository { tree(ref: $branch, path: $path, recursive: $recursive) {
			blobs(after: $cursor) { nodes { type id: sha path name } pageInfo { endCursor hasNextPage } } } } } }`
	body := s.ask("owner", files, map[string]any{"repo": "owner/repo", "branch": "main", "path": "posts", "recursive": true, "cursor": ""})
	contains(t, body, `"path":"posts/a.md","name":"a.md"},{`, `"path":"posts/b/c.md","name":"c.md"}],"pageInfo":{"endCursor":"Mg","hasNextPage":false}`)
	const blobs = `query blobs($repo: ID!, $branch: String!, $paths: [String!]!) {
		project(fullPath: $repo) { repository { blobs(ref: $branch, paths: $paths) { nodes { id data: rawBlob } } } } }`
	body = s.ask("owner", blobs, map[string]any{"repo": "owner/repo", "branch": "main", "paths": []string{"posts/a.md", "none", "posts"}})
	contains(t, body, `"nodes":[{"id":"gid://gitlab/Blob/`, `"data":"text of a"}]`)
	const commits = `query lastCommits($repo: ID!, $branch: String!) { project(fullPath: $repo) { repository {
		tree0: tree(ref: $branch, path: "posts/a.md") { lastCommit { authorName authoredDate author { id username name publicEmail } } }
		tree1: tree(ref: $branch, path: "posts/b/c.md") { lastCommit { authorName sha author { id } } } } } }`
	body = s.ask("owner", commits, map[string]any{"repo": "owner/repo", "branch": "main"})
	contains(t, body, `"tree0":{"lastCommit":{"authorName":"Owner"`, `"username":"owner"`,
		`"tree1":{"lastCommit":{"authorName":"Somebody","sha":"`+last+`","author":null}}`)
}

func TestGraphQL_TreeAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a", "dir/b.md": "b"})
	for selection, want := range map[string]string{
		`repository { tree { trees { nodes { path type } } blobs { nodes { path mode lfsOid } } submodules { nodes { path } } } }`: `"repository":{"tree":{"trees":{"nodes":[{"path":"dir","type":"tree"}]},"blobs":{"nodes":[{"path":"a.md","mode":"100644","lfsOid":null}]},"submodules":{"nodes":[]}}}`,
		`repository { tree(ref: "none") { blobs { nodes { path } } lastCommit { sha } } }`:                                         `"repository":{"tree":{"blobs":{"nodes":[]},"lastCommit":null}}`,
		`repository { tree(path: "none") { blobs { nodes { path } } } }`:                                                           `"repository":{"tree":{"blobs":{"nodes":[]}}}`,
		`repository { blobs(ref: "none", paths: ["a.md"]) { nodes { path } } }`:                                                    `"repository":{"blobs":{"nodes":[]}}`,
		`repository { blobs(paths: ["dir/b.md", "a.md"]) { nodes { path size rawSize mode storedExternally } } }`:                  `"repository":{"blobs":{"nodes":[{"path":"dir/b.md","size":1,"rawSize":1,"mode":"100644","storedExternally":false},{"path":"a.md","size":1,"rawSize":1,"mode":"100644","storedExternally":false}]}}`,
		`repository { empty exists rootRef } archived lfsEnabled visibility`:                                                       `"repository":{"empty":false,"exists":true,"rootRef":"main"},"archived":false,"lfsEnabled":true,"visibility":"public"`,
		`userPermissions { pushCode adminProject createMergeRequestIn }`:                                                           `"userPermissions":{"pushCode":true,"adminProject":true,"createMergeRequestIn":true}`,
		`mergeRequest(iid: "7") { id }`: `"mergeRequest":null`,
	} {
		if got := s.in(selection); got != want {
			t.Errorf("%s:\n%s\nwant %s", selection, got, want)
		}
	}
	contains(t, s.ask("owner", `{ project(fullPath: "no/such") { id } users(usernames: ["DEV"]) { nodes { username } } }`, nil),
		`{"data":{"project":null,"users":{"nodes":[{"username":"dev"}]}}}`)
}

func TestGraphQL_BlobsThatArentText(t *testing.T) {
	t.Parallel()
	const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1\nsize 4\n"
	s := newSite(t, map[string]string{"latin1": "caf\xe9", "binary": "\x89PNG\x00\xff", "nul": "a\x00b", "lfs": pointer})
	s.repo.PutLFS([]byte("text"))
	for selection, want := range map[string]string{
		`paths: ["latin1"]) { nodes { rawBlob rawTextBlob }`:               `{"rawBlob":"café","rawTextBlob":"café"}`,
		`paths: ["nul"]) { nodes { rawBlob rawTextBlob }`:                  `{"rawBlob":"a\u0000b","rawTextBlob":null}`,
		`paths: ["binary"]) { nodes { rawTextBlob oid }`:                   `{"rawTextBlob":null,"oid":"`,
		`paths: ["lfs"]) { nodes { lfsOid size rawSize storedExternally }`: `{"lfsOid":"982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1","size":126,"rawSize":4,"storedExternally":true}`,
	} {
		contains(t, s.in(`repository { blobs(`+selection+` } }`), want)
	}
	r := s.asks("owner", "POST", "/api/graphql", quoted(map[string]any{"query": `{project(fullPath:"owner/repo"){repository{blobs(paths:["latin1","binary"]){nodes{rawBlob}}}}}`}))
	if r.status != http.StatusInternalServerError || r.body != `{"errors":[{"message":"Internal server error"}]}` {
		t.Errorf("a binary blob: %d %s", r.status, r.body)
	}
}

func TestGraphQL_Paging(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 250 {
		files[fmt.Sprintf("%03d.md", i)] = "x"
	}
	s := newSite(t, files)
	for args, want := range map[string]string{
		``:                          `"endCursor":"MTAw","hasNextPage":true,"startCursor":"MQ"`,
		`(first: 500)`:              `"endCursor":"MTAw","hasNextPage":true,"startCursor":"MQ"`,
		`(after: "MTAw")`:           `"endCursor":"MjAw","hasNextPage":true,"startCursor":"MTAx"`,
		`(after: "MjAw")`:           `"endCursor":"MjUw","hasNextPage":false,"startCursor":"MjAx"`,
		`(after: "MjUw")`:           `"endCursor":null,"hasNextPage":false,"startCursor":null`,
		`(first: 2, after: "Mg==")`: `"endCursor":"NA","hasNextPage":true,"startCursor":"Mw"`,
	} {
		contains(t, s.in(`repository { tree { blobs`+args+` { pageInfo { endCursor hasNextPage startCursor } } } }`), want)
	}
	contains(t, s.ask("owner", `{ project(fullPath: "owner/repo") { repository { tree { blobs(after: "?") { nodes { path } } } } } }`, nil), `"message":"Invalid cursor: \"?\""`)
}

func TestGraphQL_Complexity(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	paths := slices.Repeat([]string{"a"}, 100)
	for _, c := range []struct {
		name, query string
		score       int
	}{
		{"a scalar", `{ queryComplexity { score } currentUser { id } }`, 2 + 2},
		{"project", `{ queryComplexity { score } project(fullPath: "owner/repo") { id } }`, 2 + 2},
		{"tree", `{ queryComplexity { score } project(fullPath: "owner/repo") { repository { tree { blobs { nodes { path } } } } } }`, 2 + 1 + 1 + 2 + 2 + 1 + 1},
		{"last commit", `{ queryComplexity { score } project(fullPath: "owner/repo") { repository { tree { lastCommit { sha } } } } }`, 2 + 1 + 1 + 2 + 10 + 1},
		{"one blob of a page", `{ queryComplexity { score } project(fullPath: "owner/repo") { repository { blobs(paths: ["a"]) { nodes { rawBlob } } } } }`,
			2 + 1 + 1 + 2*(1+1+1+1+1)},
		{"one blob alone", `{ queryComplexity { score } project(fullPath: "owner/repo") { repository { blobs(paths: ["a"], first: 1) { nodes { rawBlob } } } } }`,
			2 + 1 + 1 + 5},
		{"a fragment", `{ queryComplexity { score } ...f } fragment f on Query { project(fullPath: "owner/repo") { id ... on Project { id name } } }`, 2 + 1 + 2},
		{"what is left out", `{ queryComplexity { score } project(fullPath: "owner/repo") @skip(if: true) { id } }`, 2},
		{"merge requests", `{ queryComplexity { score } project(fullPath: "owner/repo") { mergeRequests(first: 50) { nodes { iid labels { nodes { title } } diffStats { path } } } } }`,
			2 + 1 + 21},
		{"merge requests by number", `{ queryComplexity { score } project(fullPath: "owner/repo") { mergeRequests(iids: ["1"]) { nodes { iid } } } }`, 2 + 1 + 4},
	} {
		want := fmt.Sprintf(`"queryComplexity":{"score":%d}`, c.score)
		if body := s.ask("owner", c.query, nil); !strings.Contains(body, want) {
			t.Errorf("%s: %s, want %s", c.name, body, want)
		}
	}
	const blobs = `query b($paths: [String!]!) { project(fullPath: "owner/repo") { repository { blobs(paths: $paths, first: 100) { nodes { path rawBlob } } } } }`
	ask := func(login string, n int) string {
		return s.ask(login, blobs, map[string]any{"paths": paths[:n]})
	}
	if body := ask("owner", 100); strings.Count(body, `"rawBlob"`) != 100 {
		t.Errorf("100 blobs: %.200s", body)
	}
	contains(t, s.ask("", blobs, map[string]any{"paths": paths}), `{"errors":[{"message":"Query has complexity of 212, which exceeds max complexity of 200"}]}`)
	if body := ask("", 93); strings.Count(body, `"rawBlob"`) != 93 {
		t.Errorf("93 blobs of nobody's: %.200s", body)
	}
	s.host.Set(func(o *fakehost.Settings) { o.MaxComplexity = 100 })
	contains(t, ask("owner", 44), `"rawBlob"`)
	contains(t, ask("owner", 45), "Query has complexity of 102, which exceeds max complexity of 100")
}

func TestGraphQL_Limits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	query := `{ project(fullPath: "owner/repo") { ` + strings.Repeat(`mergeRequest(iid: "1") { project { `, 10) + `id` + strings.Repeat(` } }`, 10) + ` } }`
	contains(t, s.ask("owner", query, nil), "Query has depth of 22, which exceeds max depth of 20")
	r := s.asks("owner", "POST", "/api/graphql", quoted(map[string]any{"query": `{ currentUser { id } } #` + strings.Repeat("x", 10_000)}))
	if r.status != http.StatusUnprocessableEntity || r.body != `{"errors":[{"message":"Query too large"}]}` {
		t.Errorf("a large query: %d %s", r.status, r.body)
	}
	if r := s.asks("owner", "POST", "/api/graphql", `{"query":"{ nothing }"}`); r.status != 200 || !strings.Contains(r.body, `"errors":[{"extensions":{"code":"undefinedField"}`) {
		t.Errorf("an invalid query: %d %s", r.status, r.body)
	}
}

func TestGraphQL_MergeRequests(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, name := range []string{"cms/a", "cms/b", "c"} {
		s.pull(name)
	}
	s.wants(200, "PUT", "/merge_requests/2", `{"labels":"ready,draft","title":"Draft: B"}`)
	s.wants(200, "PUT", "/merge_requests/3", `{"state_event":"close"}`)
	got := s.in(`mergeRequest(iid: "2") { iid state draft title sourceBranch targetBranch diffHeadSha author { username } labels { count nodes { title } }
		diffStats { path additions deletions } diffStatsSummary { fileCount changes } commitCount conflicts detailedMergeStatus sourceBranchExists
		rebaseInProgress mergedAt userPermissions { canMerge } headPipeline { status } }`)
	want := `"mergeRequest":{"iid":"2","state":"opened","draft":true,"title":"Draft: B","sourceBranch":"cms/b","targetBranch":"main","diffHeadSha":"` + s.head("cms/b") +
		`","author":{"username":"owner"},"labels":{"count":2,"nodes":[{"title":"draft"},{"title":"ready"}]},"diffStats":[{"path":"cms/b.md","additions":1,"deletions":0}],` +
		`"diffStatsSummary":{"fileCount":1,"changes":1},"commitCount":1,"conflicts":false,"detailedMergeStatus":"DRAFT_STATUS","sourceBranchExists":true,` +
		`"rebaseInProgress":false,"mergedAt":null,"userPermissions":{"canMerge":true},"headPipeline":null}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for args, want := range map[string]string{
		``:                                `[{"iid":"3"},{"iid":"2"},{"iid":"1"}]`,
		`(state: opened)`:                 `[{"iid":"2"},{"iid":"1"}]`,
		`(sort: CREATED_ASC)`:             `[{"iid":"1"},{"iid":"2"},{"iid":"3"}]`,
		`(sourceBranches: ["cms/a","c"])`: `[{"iid":"3"},{"iid":"1"}]`,
		`(labels: ["draft"])`:             `[{"iid":"2"}]`,
		`(authorUsername: "dev")`:         `[]`,
	} {
		if args == "" {
			args = `(targetBranches: ["main"])`
		}
		contains(t, s.in(`mergeRequests`+args+` { nodes { iid } }`), `"nodes":`+want)
	}
}

func TestGraphQL_MergeRequestCursorsHold(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for i := range 4 {
		s.pull(fmt.Sprint("b", i))
	}
	const query = `query m($after: String) { project(fullPath: "owner/repo") { mergeRequests(state: opened, first: 2, after: $after) { nodes { iid } pageInfo { endCursor hasNextPage } } } }`
	type answer struct {
		Data struct {
			Project struct {
				MergeRequests struct {
					Nodes    []struct{ IID string }
					PageInfo struct {
						EndCursor   string
						HasNextPage bool
					}
				}
			}
		}
	}
	first := decode[answer](t, s.ask("owner", query, nil)).Data.Project.MergeRequests
	s.pull("new")
	s.wants(200, "PUT", "/merge_requests/3", `{"state_event":"close"}`) // at which the page ended
	second := decode[answer](t, s.ask("owner", query, map[string]any{"after": first.PageInfo.EndCursor})).Data.Project.MergeRequests
	if fmt.Sprint(first.Nodes, second.Nodes, second.PageInfo.HasNextPage) != "[{4} {3}] [{2} {1}] false" {
		t.Errorf("the pages are %v, %v", first, second)
	}
}
