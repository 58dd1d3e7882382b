package fakegithub

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
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
func (s *site) commit(login, branch, head string, changes vars) string {
	s.t.Helper()
	return s.do(login, "createCommitOnBranch", `commit { oid message } ref { name target { oid } }`, vars{
		"branch":  vars{"repositoryNameWithOwner": "owner/repo", "branchName": branch},
		"message": vars{"headline": "Save", "body": "a post"}, "expectedHeadOid": head, "fileChanges": changes})
}

func add(path, content string) vars {
	return vars{"path": path, "contents": base64.StdEncoding.EncodeToString([]byte(content))}
}

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

func TestCreateCommitOnBranch_Commits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"old": "o", "gone": "g", "dir/x": "x"})
	before := s.head("main")
	body := s.commit("owner", "main", before, vars{
		"additions": []vars{add("old", "new\x00\xff"), add("a/b c#?.md", "text")}, "deletions": []vars{{"path": "gone"}}})
	after := s.head("main")
	if want := `{"data":{"createCommitOnBranch":{"commit":{"oid":"` + after + `","message":"Save\n\na post"},"ref":{"name":"main","target":{"oid":"` + after + `"}}}}}`; body != want {
		t.Errorf("got %s", body)
	}
	files, err := s.repo.Files("main")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 || string(files["old"].Content) != "new\x00\xff" || string(files["a/b c#?.md"].Content) != "text" || files["dir/x"].Content == nil {
		t.Errorf("the branch has %q", files)
	}
	c, err := s.repo.CommitByID(plumbing.NewHash(after))
	if err != nil {
		t.Fatal(err)
	}
	if c.Author.Name != "owner" || c.Committer.Name != "GitHub" || c.ParentHashes[0].String() != before {
		t.Errorf("by %v and %v on %v", c.Author, c.Committer, c.ParentHashes)
	}
}

func TestCreateCommitOnBranch_KnowsNoModes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	_, err := s.repo.Commit("main", object.Signature{Name: "n", Email: "e"}, "modes",
		fakehost.Change{Path: "run", Mode: filemode.Executable, Content: []byte("x")},
		fakehost.Change{Path: "kept", Mode: filemode.Executable, Content: []byte("x")},
		fakehost.Change{Path: "link", Mode: filemode.Symlink, Content: []byte("a")})
	if err != nil {
		t.Fatal(err)
	}
	s.commit("owner", "main", s.head("main"), vars{"additions": []vars{add("run", "y"), add("link", "b")}})
	files, err := s.repo.Files("main")
	if err != nil {
		t.Fatal(err)
	}
	if files["run"].Mode != filemode.Regular || files["link"].Mode != filemode.Regular || files["kept"].Mode != filemode.Executable {
		t.Errorf("modes: run %v, link %v, kept %v", files["run"].Mode, files["link"].Mode, files["kept"].Mode)
	}
}

func TestCreateCommitOnBranch_ByRefID(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.branch("cms/x")
	body := s.do("owner", "createCommitOnBranch", `ref { name }`, vars{
		"branch": vars{"id": refID(s.repo, headsPrefix+"cms/x")}, "message": vars{"headline": "h"}, "expectedHeadOid": s.head("cms/x")})
	if body != `{"data":{"createCommitOnBranch":{"ref":{"name":"cms/x"}}}}` || s.head("cms/x") == s.head("main") {
		t.Errorf("got %s", body)
	}
}

func TestCreateCommitOnBranch_Refuses(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a", "dir/b": "b"})
	head, other := s.head("main"), strings.Repeat("1", 40)
	s.branch("protected")
	s.repo.Protect("protected", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	change := vars{"additions": []vars{add("a", "b")}}
	for name, c := range map[string]struct {
		login, branch, head string
		changes             vars
		want                string
	}{
		"a moved branch": {"owner", "main", other, change,
			`"type":"STALE_DATA","path":["createCommitOnBranch"],"locations":[{"line":1,"column":50}],"message":"Expected branch to point to \"` + other + `\" but it did not.  Pull and try again."`},
		"no such branch":    {"owner", "none", head, change, `"type":"NOT_FOUND"`},
		"a reader":          {"reader", "main", head, change, "`CreateCommitOnBranch`"},
		"protection":        {"owner", "protected", head, change, `"type":"BRANCH_PROTECTION_RULE_VIOLATION"`},
		"a missing path":    {"owner", "main", head, vars{"deletions": []vars{{"path": "none"}}}, "A path was requested for deletion which does not exist as of commit oid `" + head + "`"},
		"a folder":          {"owner", "main", head, vars{"deletions": []vars{{"path": "dir"}}}, `A path was requested for deletion`},
		"the same path":     {"owner", "main", head, vars{"additions": []vars{add("x", "1"), add("x", "2")}}, `Path must be unique: x`},
		"a path of Git's":   {"owner", "main", head, vars{"additions": []vars{add(".git/config", "1")}}, `"type":"UNPROCESSABLE"`},
		"not Base64":        {"owner", "main", head, vars{"additions": []vars{{"path": "x", "contents": "%"}}}, `not valid Base64`},
		"an absolute path":  {"owner", "main", head, vars{"additions": []vars{add("/x", "1")}}, `"type":"UNPROCESSABLE"`},
		"some of it is bad": {"owner", "main", head, vars{"additions": []vars{add("a", "b")}, "deletions": []vars{{"path": "none"}}}, `requested for deletion`},
	} {
		body := s.commit(c.login, c.branch, c.head, c.changes)
		if !strings.HasPrefix(body, `{"data":{"createCommitOnBranch":null},"errors":[`) || !strings.Contains(body, c.want) {
			t.Errorf("%s: %s", name, body)
		}
	}
	if s.head("main") != head || s.head("protected") != head {
		t.Error("a refused commit moved the branch")
	}
}

func TestCreateCommitOnBranch_BadObjectID(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	_, body := s.post("owner", `mutation($i: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $i) { clientMutationId } }`, vars{"i": vars{
		"branch": vars{"id": "x"}, "message": vars{"headline": "h"}, "expectedHeadOid": "main"}})
	contains(t, body, `Variable $i of type CreateCommitOnBranchInput! was provided invalid value for expectedHeadOid`)
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
