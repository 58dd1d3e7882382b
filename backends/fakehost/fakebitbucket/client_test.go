package fakebitbucket

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	bitbucket "github.com/ktrysmt/go-bitbucket"
)

// client is a client of Bitbucket's that knows nothing of the fake. It signs in
// with an e-mail address and an API token.
func (s *site) client(login string) *bitbucket.Client {
	s.t.Helper()
	c, err := bitbucket.NewAPITokenAuthWithBaseUrlStr(login+"@example.com", login+"-token", s.url+"/2.0")
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// must ends the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestClient_UserAndRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	c := s.client("dev")
	if u := must[*bitbucket.User](t)(c.User.Profile()); u.Username != "dev" || u.DisplayName != "Dev" || u.AccountStatus != "active" {
		t.Errorf("the user is %+v", u)
	}
	r := must[*bitbucket.Repository](t)(c.Repositories.Repository.Get(&bitbucket.RepositoryOptions{Owner: "owner", RepoSlug: "repo"}))
	if r.Full_name != "owner/repo" || r.Mainbranch.Name != "main" || r.Is_private || r.Slug != "repo" {
		t.Errorf("the repository is %+v", r)
	}
}

func TestClient_CommitsAndReads(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"old.md": "old"})
	c := s.client("dev").Repositories
	local := filepath.Join(t.TempDir(), "i.png")
	if err := os.WriteFile(local, []byte("\x89PNG\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := c.Repository.WriteFileBlob(&bitbucket.RepositoryBlobWriteOptions{Owner: "owner", RepoSlug: "repo", Branch: "main", Message: "Images",
		Author: "Ann <ann@example.com>", Files: []bitbucket.File{{Path: local, Name: "img/i.png"}}, FilesToDelete: []string{"old.md"}})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Repository.WriteFileContent(&bitbucket.RepositoryContentWriteOptions{Owner: "owner", RepoSlug: "repo", Branch: "cms/x", Message: "Text",
		Files: map[string]string{"a/b.md": "text", "a/c.md": "more"}})
	if err != nil {
		t.Fatal(err)
	}
	at := &bitbucket.RepositoryFilesOptions{Owner: "owner", RepoSlug: "repo", Ref: s.head("cms/x"), MaxDepth: 5}
	var paths []string
	for _, f := range must[[]bitbucket.RepositoryFile](t)(c.Repository.ListFiles(at)) {
		paths = append(paths, f.Path)
	}
	if got := strings.Join(paths, " "); got != "a img a/b.md a/c.md img/i.png" {
		t.Errorf("the files are %s", got)
	}
	at.Path = "img/i.png"
	if got := must[[]byte](t)(c.Repository.GetFileContent(at)); string(got) != "\x89PNG\x00" {
		t.Errorf("the image is %q", got)
	}
	stat := must[*bitbucket.DiffStatRes](t)(c.Diff.GetDiffStat(&bitbucket.DiffStatOptions{Owner: "owner", RepoSlug: "repo",
		Spec: s.head("cms/x") + ".." + s.head("main"), Topic: true}))
	if len(stat.DiffStats) != 2 || stat.DiffStats[0].Status != "added" || stat.DiffStats[0].New["path"] != "a/b.md" || stat.DiffStats[0].LinedAdded != 1 {
		t.Errorf("the diffstat is %+v", stat)
	}
}

func TestClient_Branches(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	c := s.client("dev").Repositories.Repository
	for _, name := range []string{"cms/b", "cms/a", "other"} {
		b := must[*bitbucket.RepositoryBranch](t)(c.CreateBranch(&bitbucket.RepositoryBranchCreationOptions{Owner: "owner", RepoSlug: "repo", Name: name,
			Target: bitbucket.RepositoryBranchTarget{Hash: s.head("main")}}))
		if b.Name != name || b.Target["hash"] != s.head("main") {
			t.Errorf("created %+v", b)
		}
	}
	list := must[*bitbucket.RepositoryBranches](t)(c.ListBranches(&bitbucket.RepositoryBranchOptions{Owner: "owner", RepoSlug: "repo",
		Query: "cms/", Sort: "-name", Pagelen: 1}))
	if len(list.Branches) != 1 || list.Branches[0].Name != "cms/b" || list.Next == "" || list.Size != 2 {
		t.Errorf("the branches are %+v", list)
	}
	if err := c.DeleteBranch(&bitbucket.RepositoryBranchDeleteOptions{Owner: "owner", RepoSlug: "repo", RefName: "cms/b"}); err != nil {
		t.Error(err)
	}
	if _, err := c.GetBranch(&bitbucket.RepositoryBranchOptions{Owner: "owner", RepoSlug: "repo", BranchName: "cms/b"}); err == nil {
		t.Error("a deleted branch is found")
	}
}

func TestClient_PullRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.change("cms/x", "x.md", "x")
	c := s.client("dev").Repositories.PullRequests
	o := &bitbucket.PullRequestsOptions{Owner: "owner", RepoSlug: "repo", ID: "1", Title: "X", SourceBranch: "cms/x", DestinationBranch: "main",
		MergeStrategy: bitbucket.Squash, Message: "Squashed", CloseSourceBranch: true}
	opened := must[any](t)(c.Create(o)).(map[string]any)
	if opened["id"] != 1.0 || opened["state"] != "OPEN" {
		t.Errorf("opened %v", opened)
	}
	for _, text := range []string{"static-cms/draft", "looks good"} {
		must[any](t)(c.AddComment(&bitbucket.PullRequestCommentOptions{Owner: "owner", RepoSlug: "repo", PullRequestID: "1", Content: text}))
	}
	comments := must[any](t)(c.GetComments(o)).(map[string]any)
	if comments["size"] != 2.0 {
		t.Errorf("the comments are %v", comments)
	}
	list := must[any](t)(c.List(&bitbucket.PullRequestsOptions{Owner: "owner", RepoSlug: "repo", Query: `source.branch.name = "cms/x" AND state = "OPEN"`})).(map[string]any)
	if len(list["values"].([]any)) != 1 {
		t.Errorf("the list is %v", list)
	}
	merged := must[any](t)(c.Merge(o)).(map[string]any)
	if merged["state"] != "MERGED" || s.file("main", "x.md") != "x" {
		t.Errorf("merged %v", merged)
	}
	if _, found := s.repo.Head("cms/x"); found {
		t.Error("the branch is still there")
	}
}
