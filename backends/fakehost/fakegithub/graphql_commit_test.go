package fakegithub

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

func (s *site) commit(login, branch, head string, changes vars) string {
	s.t.Helper()
	return s.do(login, "createCommitOnBranch", `commit { oid message } ref { name target { oid } }`, vars{
		"branch":  vars{"repositoryNameWithOwner": "owner/repo", "branchName": branch},
		"message": vars{"headline": "Save", "body": "a post"}, "expectedHeadOid": head, "fileChanges": changes})
}

func add(path, content string) vars {
	return vars{"path": path, "contents": base64.StdEncoding.EncodeToString([]byte(content))}
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
