package fakegitea

import (
	"encoding/base64"
	"slices"
	"testing"

	"code.gitea.io/sdk/gitea"

	"mooring/backends/fakehost"
)

// client is the server's own client for Go, which knows nothing of the fake.
func client(t *testing.T, o Options, files map[string]string) (*site, *gitea.Client) {
	t.Helper()
	s := serve(t, New(fakehost.New(fakehost.Options{}), o), files)
	c, err := gitea.NewClient(s.url, gitea.SetToken("owner-token"))
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// got is what a call of the client answered.
func got[T any](t *testing.T) func(T, *gitea.Response, error) T {
	return func(v T, _ *gitea.Response, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func in64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestSDK_Versions(t *testing.T) {
	t.Parallel()
	for version, o := range map[string]Options{
		"1.26.0": {}, "1.22.6": {Version: "1.22.6"}, "9.0.3+gitea-1.22.0": {Forgejo: true, Version: "9.0.3"},
	} {
		_, c := client(t, o, map[string]string{"a": "a"})
		if v := got[string](t)(c.ServerVersion()); v != version {
			t.Errorf("it calls itself %s, not %s", v, version)
		}
		if u := got[*gitea.User](t)(c.GetMyUserInfo()); u.UserName != "owner" || u.FullName != "Owner" || u.Email != "owner@example.com" {
			t.Errorf("%+v", u)
		}
		if r := got[*gitea.Repository](t)(c.GetRepo("owner", "repo")); !r.Permissions.Push || r.DefaultBranch != "main" || r.Empty {
			t.Errorf("%+v", r)
		}
	}
}

func TestSDK_Files(t *testing.T) {
	t.Parallel()
	s, c := client(t, Options{}, map[string]string{"a.md": "A", "dir/b.md": "B"})
	tree := got[*gitea.GitTreeResponse](t)(c.GetTrees("owner", "repo", gitea.ListTreeOptions{Ref: "main", Recursive: true}))
	if tree.TotalCount != 3 || tree.Entries[2].Path != "dir/b.md" {
		t.Fatalf("%+v", tree)
	}
	sha := map[string]string{}
	for _, e := range tree.Entries {
		sha[e.Path] = e.SHA
	}
	made := got[*gitea.FileResponse](t)(c.ChangeFiles("owner", "repo", gitea.ChangeFilesOptions{Branch: "main", Message: "both",
		Author: gitea.Identity{Name: "Ann", Email: "ann@example.com"},
		Files: []*gitea.ChangeFileOperation{
			{Operation: "update", Path: "a.md", SHA: sha["a.md"], Content: in64("A2")},
			{Operation: "create", Path: "c d#.md", Content: in64("C")},
			{Operation: "delete", Path: "dir/b.md", SHA: sha["dir/b.md"]},
		}}))
	head, _ := s.repo.Head("main")
	commit, err := s.repo.CommitByID(head)
	if err != nil || made.Commit.SHA != head.String() || commit.Author.Name != "Ann" || commit.Message != "both\n" {
		t.Errorf("%+v, %v", commit, err)
	}
	files, err := s.repo.Files("main")
	if err != nil || len(files) != 2 || string(files["a.md"].Content) != "A2" || string(files["c d#.md"].Content) != "C" {
		t.Errorf("%v, %v", files, err)
	}
	if text := got[[]byte](t)(c.GetFile("owner", "repo", "main", "c d#.md")); string(text) != "C" {
		t.Errorf("%q", text)
	}
	batch := got[[]*gitea.ContentsResponse](t)(c.PostRepoFileContents("owner", "repo", "main", gitea.GetFilesOptions{Files: []string{"none", "a.md"}}))
	if len(batch) != 2 || batch[0] != nil || *batch[1].Content != in64("A2") {
		t.Errorf("%+v", batch)
	}
	log := got[[]*gitea.Commit](t)(c.ListRepoCommits("owner", "repo", gitea.ListCommitOptions{Path: "a.md"}))
	if len(log) != 2 || log[0].SHA != head.String() {
		t.Errorf("%+v", log)
	}
}

func TestSDK_Workflow(t *testing.T) {
	t.Parallel()
	s, c := client(t, Options{}, map[string]string{"a.md": "A"})
	got[*gitea.FileResponse](t)(c.CreateFile("owner", "repo", "draft.md", gitea.CreateFileOptions{
		FileOptions: gitea.FileOptions{BranchName: "main", NewBranchName: "cms/draft", Message: "draft"}, Content: in64("text")}))
	draft := got[*gitea.Label](t)(c.CreateLabel("owner", "repo", gitea.CreateLabelOption{Name: "draft", Color: "#00aabb"}))
	review := got[*gitea.Label](t)(c.CreateLabel("owner", "repo", gitea.CreateLabelOption{Name: "review", Color: "#00aabb"}))
	p := got[*gitea.PullRequest](t)(c.CreatePullRequest("owner", "repo", gitea.CreatePullRequestOption{
		Head: "cms/draft", Base: "main", Title: "Draft", Labels: []int64{draft.ID}}))
	if p.State != gitea.StateOpen || !p.Mergeable || p.Head.Ref != "cms/draft" || len(p.Labels) != 1 || p.Labels[0].Name != "draft" {
		t.Errorf("%+v", p)
	}
	labels := got[[]*gitea.Label](t)(c.ReplaceIssueLabels("owner", "repo", p.Index, gitea.IssueLabelsOption{Labels: []int64{review.ID}}))
	if len(labels) != 1 || labels[0].Name != "review" {
		t.Errorf("%+v", labels)
	}
	changed := got[[]*gitea.ChangedFile](t)(c.ListPullRequestFiles("owner", "repo", p.Index, gitea.ListPullRequestFilesOptions{}))
	if len(changed) != 1 || changed[0].Filename != "draft.md" || changed[0].Status != "added" {
		t.Errorf("%+v", changed)
	}
	comparison := got[*gitea.Compare](t)(c.CompareCommits("owner", "repo", "main", "cms/draft"))
	if comparison.TotalCommits != 1 || comparison.Commits[0].SHA != p.Head.Sha {
		t.Errorf("%+v", comparison)
	}
	if done := got[bool](t)(c.MergePullRequest("owner", "repo", p.Index, gitea.MergePullRequestOption{
		Style: gitea.MergeStyleSquash, Title: "Publish", HeadCommitId: p.Head.Sha})); !done {
		t.Error("it isn't merged")
	}
	files, err := s.repo.Files("main")
	if err != nil || string(files["draft.md"].Content) != "text" {
		t.Errorf("%v, %v", files, err)
	}
	if gone := got[bool](t)(c.DeleteRepoBranch("owner", "repo", "cms/draft")); !gone {
		t.Error("the branch is still there")
	}
	list := got[[]*gitea.PullRequest](t)(c.ListRepoPullRequests("owner", "repo", gitea.ListPullRequestsOptions{State: gitea.StateClosed}))
	if len(list) != 1 || !list[0].HasMerged {
		t.Errorf("%+v", list)
	}
}

func TestSDK_Statuses(t *testing.T) {
	t.Parallel()
	s, c := client(t, Options{}, map[string]string{"a.md": "A"})
	head, _ := s.repo.Head("main")
	for _, state := range []gitea.StatusState{gitea.StatusPending, gitea.StatusSuccess} {
		got[*gitea.Status](t)(c.CreateStatus("owner", "repo", head.String(), gitea.CreateStatusOption{State: state, Context: "preview", TargetURL: "https://p.example"}))
	}
	all := got[*gitea.CombinedStatus](t)(c.GetCombinedStatus("owner", "repo", "main"))
	if all.State != gitea.StatusSuccess || len(all.Statuses) != 1 || all.Statuses[0].TargetURL != "https://p.example" {
		t.Errorf("%+v", all)
	}
}

func TestSDK_Pages(t *testing.T) {
	t.Parallel()
	s, c := client(t, Options{}, map[string]string{"a.md": "A"})
	for i := range 75 {
		if _, err := s.repo.CreateLabel(fakehost.Label{Name: string(rune('a'+i%26)) + string(rune('a'+i/26))}); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for page := 1; ; page++ {
		labels := got[[]*gitea.Label](t)(c.ListRepoLabels("owner", "repo", gitea.ListLabelsOptions{
			ListOptions: gitea.ListOptions{Page: page, PageSize: 500}}))
		if len(labels) > maxPageSize {
			t.Fatalf("a page of %d", len(labels))
		}
		if len(labels) == 0 {
			break
		}
		for _, l := range labels {
			names = append(names, l.Name)
		}
	}
	if len(names) != 75 || !slices.IsSorted(names) {
		t.Errorf("%v", names)
	}
}
