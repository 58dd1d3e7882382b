package fakegithub

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// recordedQuery is one GraphQL exchange with the real host.
type recordedQuery struct {
	file, operation string
	body            []byte // of the request
	answer          map[string]any
}

// recordedQueries reads all exchanges, and skips the test where there are none.
func recordedQueries(t *testing.T) []recordedQuery {
	t.Helper()
	root, err := moduleFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(root), "..", "shared", "recorded", "github", "*graphql*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no recorded answers in ../shared/recorded/github")
	}
	var all []recordedQuery
	for _, file := range files {
		all = append(all, readQueries(t, file)...)
	}
	return all
}

func readQueries(t *testing.T, file string) []recordedQuery {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var exchanges []struct {
		URL            string
		Body, Response json.RawMessage
	}
	if err := json.Unmarshal(text, &exchanges); err != nil {
		t.Fatal(err)
	}
	var list []recordedQuery
	for _, e := range exchanges {
		var body, response string
		if e.URL != "/graphql" || json.Unmarshal(e.Body, &body) != nil || json.Unmarshal(e.Response, &response) != nil {
			continue
		}
		q := recordedQuery{file: filepath.Base(file), body: []byte(body)}
		var request struct{ OperationName string }
		if err := json.Unmarshal(q.body, &request); err != nil {
			t.Fatal(err)
		}
		q.operation = request.OperationName
		if err := json.Unmarshal([]byte(response), &q.answer); err != nil {
			t.Fatal(err)
		}
		list = append(list, q)
	}
	return list
}

// decapSite is a site as in the recordings, with something of everything.
type decapSite struct {
	*site
	fork *fakehost.Repository
	pull fakehost.PullRequest
}

func newDecapSite(t *testing.T) *decapSite {
	t.Helper()
	host := fakehost.New(fakehost.Options{})
	for _, login := range []string{"owner", "forkOwner"} {
		host.AddUser(fakehost.User{Login: login, Name: login})
		host.AddToken(login, login+"-token")
	}
	repo, err := host.AddRepository("owner", "repo", map[string]fakehost.File{
		"content/posts/old.md": {Content: []byte("---\ntitle: Old\n---\n")},
		"static/media/a.png":   {Content: []byte("\x89PNG\x00")},
	}, fakehost.RepositoryOptions{DefaultBranch: "master"})
	if err != nil {
		t.Fatal(err)
	}
	fork, err := host.Fork("forkOwner", repo, fakehost.ForkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := &decapSite{site: serveSite(t, host, repo), fork: fork}
	author := object.Signature{Name: "owner", Email: "owner@example.com"}
	for _, r := range []*fakehost.Repository{repo, fork} {
		id, err := r.Commit("cms/posts/new", author, "Create Post", fakehost.Change{Path: "content/posts/new.md", Content: []byte("new")})
		if err != nil {
			t.Fatal(err)
		}
		r.AddStatus(id, fakehost.Status{Context: "deploy", State: "success", TargetURL: "https://preview.example"})
	}
	d.pull, err = repo.CreatePull(fakehost.NewPull{By: "owner", Title: "T", Body: "B", HeadBranch: "cms/posts/new", BaseBranch: "master"})
	if err != nil {
		t.Fatal(err)
	}
	if err := repo.SetLabels(d.pull.Number, []string{"decap-cms/draft"}); err != nil {
		t.Fatal(err)
	}
	return d
}

// variables are those with which a recorded operation meets something.
func (d *decapSite) variables(operation string) vars {
	head := d.head("cms/posts/new")
	own := vars{"owner": "owner", "name": "repo"}
	with := func(name string, value any) vars {
		own[name] = value
		return own
	}
	newPull := vars{"baseRefName": "master", "body": "B", "title": "T", "headRefName": "cms/posts/two", "repositoryId": d.repoID()}
	newRef := vars{"name": "refs/heads/cms/posts/two", "oid": head, "repositoryId": d.repoID()}
	switch operation {
	case "repoPermission":
		return own
	case "files":
		return with("expression", "master:content/posts")
	case "blob", "fileSha":
		return with("expression", "master:content/posts/old.md")
	case "pullRequests":
		return with("states", []string{"OPEN"})
	case "branch":
		return with("qualifiedName", "refs/heads/master")
	case "statues":
		return with("sha", head)
	case "openAuthoringBranches":
		return vars{"owner": "forkOwner", "name": "repo", "refPrefix": "refs/heads/cms/forkOwner/repo/"}
	case "createBranchAndPullRequest":
		return vars{"createRefInput": newRef, "createPullRequestInput": newPull}
	case "createBranch":
		return vars{"createRefInput": newRef}
	case "createPullRequest":
		newPull["headRefName"] = "forkOwner:cms/posts/new"
		return vars{"createPullRequestInput": newPull}
	case "updateRef":
		return vars{"input": vars{"oid": d.head("master"), "refId": refID(d.repo, "refs/heads/cms/posts/new"), "force": true}}
	case "deleteRef":
		return vars{"deleteRefInput": vars{"refId": refID(d.repo, "refs/heads/cms/posts/new")}}
	case "closePullRequestAndDeleteBranch":
		return vars{"closePullRequestInput": vars{"pullRequestId": nodeID("PullRequest", d.pull.ID)},
			"deleteRefInput": vars{"refId": refID(d.repo, "refs/heads/cms/posts/new")}}
	}
	return nil
}

// shape notes for each path in a JSON value which types it has. The elements of a
// list share one path.
func shape(value any, path string, into map[string][]string) {
	typ := fmt.Sprintf("%T", value)
	if !slices.Contains(into[path], typ) {
		into[path] = append(into[path], typ)
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			shape(item, path+"."+key, into)
		}
	case []any:
		for _, item := range v {
			shape(item, path+"[]", into)
		}
	}
}

// sanitised are keys that were taken out of the recordings.
var sanitised = []string{"updated_at", "user"}

// neverRecorded are values that no recording happens to hold: no commit had a
// status, and nothing was merged.
var neverRecorded = []string{".data.repository.object.status"}

// TestGraphQL_LikeRecorded sends every query that was recorded to the fake, for a
// repository that has what it asks for, and compares the shapes of the answers.
func TestGraphQL_LikeRecorded(t *testing.T) {
	t.Parallel()
	byOperation := map[string][]recordedQuery{}
	for _, q := range recordedQueries(t) {
		byOperation[q.operation] = append(byOperation[q.operation], q)
	}
	for operation, queries := range byOperation {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			d := newDecapSite(t)
			var request struct{ Query string }
			if err := json.Unmarshal(queries[0].body, &request); err != nil {
				t.Fatal(err)
			}
			body := d.ask("owner", request.Query, d.variables(operation))
			var answer map[string]any
			if err := json.Unmarshal([]byte(body), &answer); err != nil {
				t.Fatal(err)
			}
			want, got := map[string][]string{}, map[string][]string{}
			for _, q := range queries {
				shape(q.answer, "", want)
			}
			shape(answer, "", got)
			compareShapes(t, got, want)
		})
	}
}

// compareShapes demands of each path of the fake that a recording has it, with
// the same types; null may be missing on either side.
func compareShapes(t *testing.T, got, want map[string][]string) {
	t.Helper()
	paths := make([]string, 0, len(got))
	for path := range got {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		steps := strings.Split(path, ".")
		unknown := slices.ContainsFunc(sanitised, func(key string) bool { return slices.Contains(steps, key) }) ||
			slices.ContainsFunc(neverRecorded, func(p string) bool { return strings.HasPrefix(path, p) })
		if unknown {
			continue
		}
		if want[path] == nil {
			t.Errorf("the real host has no %s", path)
			continue
		}
		for _, typ := range got[path] {
			if typ != "<nil>" && !slices.Contains(want[path], typ) {
				t.Errorf("%s is a %s, the real host's is a %v", path, typ, want[path])
			}
		}
	}
	for path := range want {
		parent := path[:max(strings.LastIndexAny(path, ".["), 0)]
		if _, there := got[parent]; there && got[path] == nil && !strings.HasSuffix(path, "[]") {
			t.Errorf("the fake has no %s", path)
		}
	}
}

// TestGraphQL_RecordedRequestsAreValid sends every recorded request as it was:
// whatever it finds here, it must fit today's schema.
func TestGraphQL_RecordedRequestsAreValid(t *testing.T) {
	t.Parallel()
	d := newDecapSite(t)
	queries := recordedQueries(t)
	for _, q := range queries {
		d.host.ClearRequests()
		d.send("owner", q.body)
		if problem := d.host.Requests()[0].Err; problem != "" {
			t.Errorf("%s of %s: %s", q.operation, q.file, problem)
		}
	}
	if len(queries) < 300 {
		t.Errorf("only %d recorded requests were found", len(queries))
	}
}
