package fakegithub

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/recorded"
)

// recordedQuery is one GraphQL exchange with the real host.
type recordedQuery struct {
	recorded.Call
	operation string
}

func recordedQueries(t *testing.T) []recordedQuery {
	t.Helper()
	var all []recordedQuery
	for _, c := range recorded.Calls(t, recordings) {
		if c.URL == graphqlURL {
			request := decode[struct{ OperationName string }](t, string(c.Body))
			all = append(all, recordedQuery{c, request.OperationName})
		}
	}
	return all
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

// sanitised are keys that were taken out of the recordings.
var sanitised = []string{"updated_at", "user"}

// neverRecorded are values that no recording happens to hold: no commit had a
// status, and nothing was merged.
var neverRecorded = []string{".data.repository.object.status"}

// TestGraphQL_LikeRecorded sends every query that was recorded to the fake, for a
// repository that has what it asks for, and compares the shapes of the answers.
func TestGraphQL_LikeRecorded(t *testing.T) {
	t.Parallel()
	byOperation := map[string][]recorded.Call{}
	for _, q := range recordedQueries(t) {
		byOperation[q.operation] = append(byOperation[q.operation], q.Call)
	}
	for operation, calls := range byOperation {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			d := newDecapSite(t)
			request := decode[struct{ Query string }](t, string(calls[0].Body))
			body := d.ask("owner", request.Query, d.variables(operation))
			compareShapes(t, recorded.ShapeOf(t, body), recorded.ShapeOfAnswers(t, calls))
		})
	}
}

// compareShapes demands of each path of the fake that a recording has it, with
// the same types, and of each recorded one that the fake has it, if it has what the
// path is of. Lists may be empty.
func compareShapes(t *testing.T, got, want recorded.Shape) {
	t.Helper()
	got.Without(func(path string) bool {
		steps := strings.Split(path, ".")
		return slices.ContainsFunc(sanitised, func(key string) bool { return slices.Contains(steps, key) }) ||
			slices.ContainsFunc(neverRecorded, func(p string) bool { return strings.HasPrefix(path, p) })
	}).Within(t, want)
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
		d.send("owner", q.Body)
		if problem := d.host.Requests()[0].Err; problem != "" {
			t.Errorf("%s of %s: %s", q.operation, q.Call, problem)
		}
	}
	if len(queries) < 300 {
		t.Errorf("only %d recorded requests were found", len(queries))
	}
}
