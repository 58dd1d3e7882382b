package fakegithub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

type vars = map[string]any

// do sends a mutation with its input and answers the body.
func (s *site) do(login, mutation, payload string, input vars) string {
	s.t.Helper()
	typ := upperFirst(mutation) + "Input"
	return s.ask(login, fmt.Sprintf(`mutation M($input: %s!) { %s(input: $input) { %s } }`, typ, mutation, payload), vars{"input": input})
}

// commit sends createCommitOnBranch for owner/repo.
func (s *site) repoID() string { return nodeID("Repository", s.repo.Info().ID) }

func (s *site) branch(name string) {
	s.t.Helper()
	if err := s.repo.CreateRef("", headsPrefix+name, plumbing.NewHash(s.head("main"))); err != nil {
		s.t.Fatal(err)
	}
}

// pull opens a pull request of owner's from a new branch that adds a file.
func (s *site) pull(branch string) fakehost.PullRequest {
	s.t.Helper()
	if _, err := s.repo.Commit(branch, object.Signature{Name: "n", Email: "e"}, "add", fakehost.Change{Path: branch, Content: []byte("x")}); err != nil {
		s.t.Fatal(err)
	}
	p, err := s.repo.CreatePull(fakehost.NewPull{By: "owner", Title: "T", HeadBranch: branch, BaseBranch: "main"})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestRefMutations_CreateMoveDelete(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.head("main")
	second, err := s.repo.Commit("main", object.Signature{Name: "n", Email: "e"}, "2", fakehost.Change{Path: "a", Content: []byte("b")})
	if err != nil {
		t.Fatal(err)
	}
	create := vars{"repositoryId": s.repoID(), "name": "refs/heads/cms/a/b", "oid": second.String()}
	contains(t, s.do("owner", "createRef", `ref { name prefix target { oid } }`, create), `{"name":"cms/a/b","prefix":"refs/heads/","target":{"oid":"`+second.String()+`"}}`)
	contains(t, s.do("owner", "createRef", `ref { id }`, create), `"type":"UNPROCESSABLE"`, `A ref named \"refs/heads/cms/a/b\" already exists in the repository.`)
	contains(t, s.do("reader", "createRef", `ref { id }`, create), `"type":"FORBIDDEN"`, "reader does not have the correct permissions to execute `CreateRef`")
	contains(t, s.do("owner", "createRef", `ref { id }`, vars{"repositoryId": s.repoID(), "name": "refs/heads/a..b", "oid": first}), `"type":"UNPROCESSABLE"`)

	id := refID(s.repo, headsPrefix+"cms/a/b")
	contains(t, s.do("owner", "updateRef", `ref { id }`, vars{"refId": id, "oid": first}), `"type":"UNPROCESSABLE"`, "not a fast forward")
	contains(t, s.do("owner", "updateRef", `ref { target { oid } }`, vars{"refId": id, "oid": first, "force": true}), `"oid":"`+first+`"`)
	contains(t, s.do("owner", "deleteRef", `clientMutationId`, vars{"refId": id, "clientMutationId": "me"}), `{"data":{"deleteRef":{"clientMutationId":"me"}}}`)
	if _, ok := s.repo.Head("cms/a/b"); ok {
		t.Error("the branch is still there")
	}
	contains(t, s.do("owner", "deleteRef", `clientMutationId`, vars{"refId": id}), `"type":"NOT_FOUND"`)
}

func TestUpdateRefs_AllOrNone(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.branch("x")
	head, zero := s.head("main"), strings.Repeat("0", 40)
	update := func(updates ...vars) string {
		return s.do("owner", "updateRefs", `clientMutationId`, vars{"repositoryId": s.repoID(), "refUpdates": updates})
	}
	fresh := vars{"name": "refs/heads/y", "afterOid": head, "beforeOid": zero}
	contains(t, update(fresh, vars{"name": "refs/heads/x", "afterOid": head, "beforeOid": strings.Repeat("1", 40)}), `"errors":[`)
	if _, ok := s.repo.Head("y"); ok {
		t.Error("half of it was done")
	}
	contains(t, update(fresh, vars{"name": "refs/heads/x", "afterOid": zero, "beforeOid": head}), `{"data":{"updateRefs":{"clientMutationId":null}}}`)
	if _, ok := s.repo.Head("x"); ok || s.head("y") != head {
		t.Error("it was not done")
	}
}

const pullFields = `pullRequest { number state title headRefName headRefOid baseRefName isCrossRepository author { login }
	labels(first: 9) { nodes { name } } mergeable files(first: 9) { totalCount nodes { path changeType } } commits(first: 9) { totalCount } }`

func TestPullMutations_OpenCloseMerge(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	head, err := s.repo.Commit("cms/x", object.Signature{Name: "n", Email: "e"}, "add", fakehost.Change{Path: "x.md", Content: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	open := vars{"repositoryId": s.repoID(), "baseRefName": "main", "headRefName": "cms/x", "title": "X", "body": "b"}
	want := `"number":1,"state":"OPEN","title":"X","headRefName":"cms/x","headRefOid":"` + head.String() + `","baseRefName":"main",` +
		`"isCrossRepository":false,"author":{"login":"owner"},"labels":{"nodes":[]},"mergeable":"MERGEABLE",` +
		`"files":{"totalCount":1,"nodes":[{"path":"x.md","changeType":"ADDED"}]},"commits":{"totalCount":1}`
	contains(t, s.do("owner", "createPullRequest", pullFields, open), want)
	contains(t, s.do("owner", "createPullRequest", `pullRequest { id }`, open), `"type":"UNPROCESSABLE"`, "A pull request already exists for owner:cms/x.")
	p, _ := s.repo.Pull(1)
	id := vars{"pullRequestId": nodeID("PullRequest", p.ID)}
	contains(t, s.do("reader", "closePullRequest", `pullRequest { id }`, id), `"type":"FORBIDDEN"`)
	contains(t, s.do("owner", "closePullRequest", `pullRequest { state closed }`, id), `"state":"CLOSED","closed":true`)
	contains(t, s.do("owner", "closePullRequest", `pullRequest { state }`, id), "Could not close the pull request.")
	contains(t, s.do("owner", "reopenPullRequest", `pullRequest { state }`, id), `"state":"OPEN"`)
	contains(t, s.do("owner", "updatePullRequest", `pullRequest { title body }`, vars{"pullRequestId": id["pullRequestId"], "title": "Y"}), `"title":"Y","body":"b"`)

	merge := vars{"pullRequestId": id["pullRequestId"], "expectedHeadOid": s.head("main"), "mergeMethod": "SQUASH"}
	contains(t, s.do("owner", "mergePullRequest", `pullRequest { id }`, merge), "Head branch was modified. Review and try the merge again.")
	merge["expectedHeadOid"] = head.String()
	contains(t, s.do("reader", "mergePullRequest", `pullRequest { id }`, merge), `"type":"FORBIDDEN"`)
	contains(t, s.do("owner", "mergePullRequest", `pullRequest { state merged mergedBy { login } mergeCommit { oid } }`, merge),
		`"state":"MERGED","merged":true,"mergedBy":{"login":"owner"},"mergeCommit":{"oid":"`+s.head("main")+`"}`)
	contains(t, s.do("owner", "reopenPullRequest", `pullRequest { state }`, id), "Could not open the pull request.")
}

func TestCreatePullRequest_NoBranchOrCommits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.branch("same")
	input := vars{"repositoryId": s.repoID(), "baseRefName": "main", "headRefName": "none", "title": "X"}
	contains(t, s.do("owner", "createPullRequest", `pullRequest { id }`, input), `"type":"UNPROCESSABLE"`, "Head ref must be a branch")
	input["headRefName"] = "same"
	contains(t, s.do("owner", "createPullRequest", `pullRequest { id }`, input), "No commits between main and same")
}

func TestCreatePullRequest_FromFork(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	fork, err := s.host.Fork("reader", s.repo, fakehost.ForkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fork.Commit("cms/y", object.Signature{Name: "n", Email: "e"}, "y", fakehost.Change{Path: "y", Content: []byte("y")}); err != nil {
		t.Fatal(err)
	}
	body := s.do("reader", "createPullRequest", `pullRequest { isCrossRepository maintainerCanModify headRefName headRepositoryOwner { login }
		headRepository { nameWithOwner isFork parent { nameWithOwner } } baseRepository { nameWithOwner } viewerDidAuthor }`,
		vars{"repositoryId": s.repoID(), "baseRefName": "main", "headRefName": "reader:cms/y", "title": "Y"})
	contains(t, body, `"isCrossRepository":true,"maintainerCanModify":true,"headRefName":"cms/y","headRepositoryOwner":{"login":"reader"},`+
		`"headRepository":{"nameWithOwner":"reader/repo","isFork":true,"parent":{"nameWithOwner":"owner/repo"}},"baseRepository":{"nameWithOwner":"owner/repo"},"viewerDidAuthor":true`)
	body = s.ask("reader", `{ repository(owner: "reader", name: "repo") { ref(qualifiedName: "cms/y") {
		associatedPullRequests(first: 1, states: OPEN) { nodes { number baseRepository { nameWithOwner } } } } } }`, nil)
	contains(t, body, `[{"number":1,"baseRepository":{"nameWithOwner":"owner/repo"}}]`)
}

func TestMergePullRequest_Blocked(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	p := s.pull("b")
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	id := vars{"pullRequestId": nodeID("PullRequest", p.ID)}
	contains(t, s.do("owner", "mergePullRequest", `pullRequest { id }`, id), `"type":"UNPROCESSABLE"`, "At least 1 approving review is required")
	contains(t, s.in("owner", `pullRequest(number: 1) { reviewDecision mergeStateStatus mergeable }`),
		`"reviewDecision":"REVIEW_REQUIRED","mergeStateStatus":"BLOCKED","mergeable":"MERGEABLE"`)
	if _, err := s.repo.AddReview(1, fakehost.Review{Author: "reader", State: "APPROVED"}); err != nil {
		t.Fatal(err)
	}
	contains(t, s.in("owner", `pullRequest(number: 1) { reviewDecision reviews(first: 1) { nodes { state author { login } } } }`),
		`"reviewDecision":"APPROVED","reviews":{"nodes":[{"state":"APPROVED","author":{"login":"reader"}}]}`)
	contains(t, s.do("owner", "mergePullRequest", `pullRequest { state }`, id), `"state":"MERGED"`)
}

func TestPullRequests_FilterAndOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for i := range 5 {
		s.pull(fmt.Sprintf("cms/%d", i))
	}
	closed := false
	if _, err := s.repo.EditPull(2, fakehost.PullEdit{Open: &closed}); err != nil {
		t.Fatal(err)
	}
	if err := s.repo.SetLabels(4, []string{"draft"}); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		`first: 9`:                           `1,2,3,4,5`,
		`last: 2`:                            `4,5`,
		`first: 9, states: [OPEN]`:           `1,3,4,5`,
		`first: 9, states: CLOSED`:           `2`,
		`first: 9, labels: ["draft"]`:        `4`,
		`first: 9, headRefName: "cms/2"`:     `3`,
		`first: 9, baseRefName: "elsewhere"`: ``,
		`first: 2, orderBy: {field: CREATED_AT, direction: DESC}`: `5,4`,
	} {
		var numbers []string
		for _, p := range strings.Split(s.in("owner", `pullRequests(`+args+`) { nodes { number } }`), `{"number":`)[1:] {
			numbers = append(numbers, p[:strings.IndexByte(p, '}')])
		}
		if got := strings.Join(numbers, ","); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

func TestLabelMutations(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	p := s.pull("b")
	label := vars{"repositoryId": s.repoID(), "name": "cms/draft", "color": "aabbcc"}
	contains(t, s.do("owner", "createLabel", `label { name color isDefault }`, label), `"name":"cms/draft","color":"aabbcc","isDefault":false`)
	contains(t, s.do("owner", "createLabel", `label { name }`, label), "Name has already been taken")
	l, _ := s.repo.Label("cms/draft")
	bug, _ := s.repo.Label("bug")
	input := vars{"labelableId": nodeID("PullRequest", p.ID), "labelIds": []string{nodeID("Label", l.ID), nodeID("Label", bug.ID)}}
	const labels = `labelable { labels(first: 9) { nodes { name } } }`
	contains(t, s.do("reader", "addLabelsToLabelable", labels, input), `"type":"FORBIDDEN"`)
	contains(t, s.do("owner", "addLabelsToLabelable", labels, input), `[{"name":"bug"},{"name":"cms/draft"}]`)
	input["labelIds"] = []string{nodeID("Label", l.ID)}
	contains(t, s.do("owner", "removeLabelsFromLabelable", labels, input), `[{"name":"bug"}]`)
	contains(t, s.in("owner", `label(name: "CMS/Draft") { name } labels(first: 1, query: "cms") { nodes { name } }`),
		`"label":{"name":"cms/draft"},"labels":{"nodes":[{"name":"cms/draft"}]}`)
}

func TestMutations_ArchivedOrNarrowToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	create := vars{"repositoryId": s.repoID(), "name": "refs/heads/x", "oid": s.head("main")}
	s.host.AddToken("owner", "narrow-token", "read:user")
	contains(t, s.do("narrow", "createRef", `ref { id }`, create), `"type":"INSUFFICIENT_SCOPES"`, `'createRef' field requires one of the following scopes`)
	s.repo.Edit(func(i *fakehost.Info) { i.Archived = true })
	contains(t, s.do("owner", "createRef", `ref { id }`, create), `"type":"FORBIDDEN"`, "archived")
}

func TestMutations_InSeries(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	body := s.ask("owner", `mutation($c: CreateRefInput!, $d: DeleteRefInput!) {
		createRef(input: $c) { ref { name } } deleteRef(input: $d) { clientMutationId } }`, vars{
		"c": vars{"repositoryId": s.repoID(), "name": "refs/heads/x", "oid": s.head("main")}, "d": vars{"refId": refID(s.repo, "refs/heads/x")}})
	if body != `{"data":{"createRef":{"ref":{"name":"x"}},"deleteRef":{"clientMutationId":null}}}` {
		t.Errorf("got %s", body)
	}
}
