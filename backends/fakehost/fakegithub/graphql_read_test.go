package fakegithub

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

func TestGraphQL_Repository(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	got := s.in("owner", `nameWithOwner isFork isPrivate isEmpty viewerPermission owner { login } defaultBranchRef { name prefix target { oid } }`)
	want := `{"nameWithOwner":"owner/repo","isFork":false,"isPrivate":false,"isEmpty":false,"viewerPermission":"ADMIN",` +
		`"owner":{"login":"owner"},"defaultBranchRef":{"name":"main","prefix":"refs/heads/","target":{"oid":"` + s.head("main") + `"}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.in("reader", `viewerPermission`); got != `{"viewerPermission":"READ"}` {
		t.Errorf("a reader: %s", got)
	}
}

func TestGraphQL_HiddenRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	want := `{"data":{"repository":null},"errors":[{"type":"NOT_FOUND","path":["repository"],"locations":[{"line":1,"column":3}],` +
		`"message":"Could not resolve to a Repository with the name 'owner/repo'."}]}`
	if got := s.in("reader", `id`); got != want {
		t.Errorf("got %s", got)
	}
	s.host.AddToken("owner", "narrow-token", "public_repo")
	if got := s.in("narrow", `id`); got != want {
		t.Errorf("without the scope: %s", got)
	}
	if got := s.in("owner", `isPrivate`); got != `{"isPrivate":true}` {
		t.Errorf("its owner: %s", got)
	}
}

func TestGraphQL_OrganisationKeepsTokensOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.AddUser(fakehost.User{Login: "owner", Organization: true, RequireSSO: true})
	contains(t, s.in("reader", `id`), `"type":"FORBIDDEN"`, `"saml_failure":true`)
	s.host.SetToken(fakehost.Token{Value: "reader-token", Login: "reader", Scopes: []string{"repo"}, SSO: []string{"owner"}})
	contains(t, s.in("reader", `name`), `"name":"repo"`)
}

func TestGraphQL_Blobs(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxText-1) + "é"
	s := newSite(t, map[string]string{"posts/ä #?%+&.md": "text é\n", "empty": "", "bin": "a\x00b", "long": long, "latin": "caf\xe9"})
	for path, want := range map[string]string{
		"posts/ä #?%+&.md": `"text":"text é\n","isBinary":false,"isTruncated":false,"byteSize":8`,
		"empty":            `"text":"","isBinary":false,"isTruncated":false,"byteSize":0`,
		"bin":              `"text":null,"isBinary":true,"isTruncated":false,"byteSize":3`,
		"latin":            `"text":"café","isBinary":false,"isTruncated":false,"byteSize":4`,
		"long":             `"text":"` + long[:maxText-1] + `","isBinary":false,"isTruncated":true,"byteSize":512001`,
	} {
		body := s.ask("owner", `query($e: String!) { repository(owner: "owner", name: "repo") {
			object(expression: $e) { __typename ... on Blob { text isBinary isTruncated byteSize } } } }`, map[string]any{"e": "main:" + path})
		if !strings.Contains(body, `"__typename":"Blob",`+want) {
			t.Errorf("%s: %.200s", path, body)
		}
	}
	contains(t, s.in("owner", `object(expression: "main:none") { oid }`), `{"object":null}`)
	contains(t, s.in("owner", `object(oid: "`+strings.Repeat("0", 40)+`") { oid }`), `{"object":null}`)
}

func TestGraphQL_Trees(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a/b/c.txt": "c", "a/d": "dd"})
	got := s.in("owner", `object(expression: "main:a") { ... on Tree { entries { name path mode type size object {
		... on Blob { byteSize } ... on Tree { entries { path } } } } } }`)
	want := `{"object":{"entries":[` +
		`{"name":"b","path":"a/b","mode":16384,"type":"tree","size":0,"object":{"entries":[{"path":"a/b/c.txt"}]}},` +
		`{"name":"d","path":"a/d","mode":33188,"type":"blob","size":2,"object":{"byteSize":2}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGraphQL_Submodule(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	_, err := s.repo.Commit("main", object.Signature{Name: "n", Email: "e"}, "sub",
		fakehost.Change{Path: "sub", Mode: filemode.Submodule, ID: plumbing.NewHash(strings.Repeat("1", 40))})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, s.in("owner", `object(expression: "main:") { ... on Tree { entries { name type object { oid } } } }`),
		`{"name":"sub","type":"commit","object":null}`)
}

func TestGraphQL_History(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "1", "b": "1"})
	zone := time.FixedZone("", 2*60*60)
	for i := range 5 {
		at := time.Date(2040, 1, 1+i, 12, 0, 0, 0, zone)
		path := []string{"a", "b"}[i%2]
		_, err := s.repo.Commit("main", object.Signature{Name: "Ann", Email: "ann@example.com", When: at}, fmt.Sprintf("change %d\n\nbody", i),
			fakehost.Change{Path: path, Content: fmt.Append(nil, "v", i)})
		if err != nil {
			t.Fatal(err)
		}
	}
	got := s.in("owner", `object(expression: "main") { ... on Commit { history(first: 2, path: "a") { totalCount pageInfo { hasNextPage }
		nodes { messageHeadline messageBody committedDate author { name email date user { login } } } } } }`)
	want := `{"object":{"history":{"totalCount":4,"pageInfo":{"hasNextPage":true},"nodes":[` +
		`{"messageHeadline":"change 4","messageBody":"body","committedDate":"2040-01-05T10:00:00Z",` +
		`"author":{"name":"Ann","email":"ann@example.com","date":"2040-01-05T12:00:00+02:00","user":null}},` +
		`{"messageHeadline":"change 2","messageBody":"body","committedDate":"2040-01-03T10:00:00Z",` +
		`"author":{"name":"Ann","email":"ann@example.com","date":"2040-01-03T12:00:00+02:00","user":null}}]}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	contains(t, s.in("owner", `object(expression: "main") { ... on Commit { history(first: 9, since: "2040-01-02T00:00:00Z", until: "2040-01-03T23:00:00Z") { totalCount } } }`),
		`"totalCount":2`)
	contains(t, s.in("owner", `object(expression: "main") { ... on Commit { file(path: "b") { name object { ... on Blob { text } } }
		additions deletions changedFilesIfAvailable parents(first: 1) { nodes { message } } } }`),
		`"file":{"name":"b","object":{"text":"v3"}},"additions":1,"deletions":1,"changedFilesIfAvailable":1`, `change 3`)
}

func TestGraphQL_Refs(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	head := plumbing.NewHash(s.head("main"))
	for _, branch := range []string{"cms/posts/one", "cms/posts/two", "cms/pages/x", "cmsx"} {
		if err := s.repo.CreateRef("owner", headsPrefix+branch, head); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.in("owner", `refs(refPrefix: "refs/heads/cms/", first: 2) { totalCount nodes { name prefix } }`); got !=
		`{"refs":{"totalCount":3,"nodes":[{"name":"pages/x","prefix":"refs/heads/cms/"},{"name":"posts/one","prefix":"refs/heads/cms/"}]}}` {
		t.Errorf("got %s", got)
	}
	contains(t, s.in("owner", `refs(refPrefix: "refs/heads/", query: "two", first: 9) { nodes { name } }`), `{"nodes":[{"name":"cms/posts/two"}]}`)
	for _, name := range []string{"cms/posts/one", "refs/heads/cms/posts/one", "heads/cms/posts/one"} {
		contains(t, s.in("owner", `ref(qualifiedName: "`+name+`") { name prefix }`), `{"name":"cms/posts/one","prefix":"refs/heads/"}`)
	}
	contains(t, s.in("owner", `ref(qualifiedName: "none") { name }`), `{"ref":null}`)
}

func TestGraphQL_Statuses(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	const selections = `object(expression: "main") { ... on Commit {
		status { state contexts { context state targetUrl } }
		statusCheckRollup { state contexts(first: 9) { nodes { __typename ... on CheckRun { name conclusion detailsUrl } ... on StatusContext { context } } } }
		checkSuites(first: 1) { nodes { app { name } conclusion checkRuns(first: 1) { totalCount } } }
		deployments(first: 1) { nodes { environment state latestStatus { state environmentUrl } } } } }`
	if got := s.in("owner", selections); got !=
		`{"object":{"status":null,"statusCheckRollup":null,"checkSuites":{"nodes":[]},"deployments":{"nodes":[]}}}` {
		t.Errorf("without any: %s", got)
	}
	head := plumbing.NewHash(s.head("main"))
	s.repo.AddStatus(head, fakehost.Status{Context: "deploy", State: "pending"})
	s.repo.AddStatus(head, fakehost.Status{Context: "deploy", State: "success", TargetURL: "https://preview.example"})
	s.repo.AddCheckRun(head, fakehost.CheckRun{Name: "build", Conclusion: "failure", App: "CI", DetailsURL: "https://ci.example"})
	s.repo.AddDeployment(fakehost.Deployment{SHA: head, Ref: "main", Environment: "preview", Creator: "owner",
		Statuses: []fakehost.DeploymentStatus{{State: "success", EnvironmentURL: "https://env.example", Creator: "owner"}}})
	got := s.in("owner", selections)
	want := `{"object":{"status":{"state":"SUCCESS","contexts":[{"context":"deploy","state":"SUCCESS","targetUrl":"https://preview.example"}]},` +
		`"statusCheckRollup":{"state":"FAILURE","contexts":{"nodes":[{"__typename":"CheckRun","name":"build","conclusion":"FAILURE","detailsUrl":"https://ci.example"},` +
		`{"__typename":"StatusContext","context":"deploy"}]}},` +
		`"checkSuites":{"nodes":[{"app":{"name":"CI"},"conclusion":"FAILURE","checkRuns":{"totalCount":1}}]},` +
		`"deployments":{"nodes":[{"environment":"preview","state":"ACTIVE","latestStatus":{"state":"SUCCESS","environmentUrl":"https://env.example"}}]}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGraphQL_Nodes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"dir/a": "a"})
	for _, c := range []struct{ selections, typ string }{
		{`node: defaultBranchRef { id }`, "Ref"},
		{`node: object(expression: "main") { id }`, "Commit"},
		{`node: object(expression: "main:dir") { id }`, "Tree"},
		{`node: object(expression: "main:dir/a") { id }`, "Blob"},
		{`node: label(name: "bug") { id }`, "Label"},
		{`node: owner { id }`, "User"},
	} {
		id := strings.TrimSuffix(strings.TrimPrefix(s.in("owner", c.selections), `{"node":{"id":"`), `"}}`)
		if got := s.ask("owner", `query($id: ID!) { node(id: $id) { __typename id } }`, map[string]any{"id": id}); got !=
			`{"data":{"node":{"__typename":"`+c.typ+`","id":"`+id+`"}}}` {
			t.Errorf("%s: %s", c.typ, got)
		}
	}
	contains(t, s.ask("owner", `{ node(id: "what") { id } }`, nil), `"type":"NOT_FOUND"`, `Could not resolve to a node with the global id of 'what'`)
	private, err := s.host.AddRepository("owner", "secret", nil, fakehost.RepositoryOptions{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, s.ask("reader", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": nodeID("Repository", private.Info().ID)}),
		`"type":"NOT_FOUND"`)
}

func TestGraphQL_TooManyNodes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	response, body := s.post("owner", `{ repository(owner: "owner", name: "repo") { pullRequests(first: 100) { nodes { labels(first: 100) {
		nodes { pullRequests(first: 100) { totalCount } } } } } } }`, nil)
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	contains(t, body, `"type":"MAX_NODE_LIMIT_EXCEEDED"`, "1,010,100")
}
