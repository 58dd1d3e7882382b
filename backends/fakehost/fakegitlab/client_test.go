package fakegitlab

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	gitlab "gitlab.com/gitlab-org/api/client-go"

	"mooring/backends/fakehost"
)

const project = "owner/repo"

// client is GitLab's own client, which knows nothing of the fake.
func (s *site) client(login string) *gitlab.Client {
	s.t.Helper()
	c, err := gitlab.NewClient(login+"-token", gitlab.WithBaseURL(s.url+"/api/v4"), gitlab.WithoutRetries())
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// must ends the test on an error.
func must[T any](t *testing.T) func(v T, r *gitlab.Response, err error) T {
	return func(v T, _ *gitlab.Response, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func text[T any](v T) *T { return &v }

func TestClient_ListsByKeyset(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 45 {
		files[fmt.Sprintf("posts/%02d.md", i)] = fmt.Sprint(i % 3) // many share a blob
	}
	s := newSite(t, files)
	c := s.client("owner")
	o := &gitlab.ListTreeOptions{Recursive: text(true), ListOptions: gitlab.ListOptions{PerPage: 20, Pagination: "keyset"}}
	seen := map[string]bool{}
	pages := 0
	for next := (gitlab.RequestOptionFunc)(nil); ; pages++ {
		var options []gitlab.RequestOptionFunc
		if next != nil {
			options = append(options, next)
		}
		list, r, err := c.Repositories.ListTree(project, o, options...)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			seen[e.Path] = true
		}
		if r.NextLink == "" {
			break
		}
		next = gitlab.WithKeysetPaginationParameters(r.NextLink)
	}
	if pages != 2 || len(seen) != 46 || !seen["posts"] || !seen["posts/44.md"] {
		t.Errorf("%d more pages, %d entries", pages, len(seen))
	}
}

func TestClient_CommitsAndReads(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a", "b.md": "b"})
	c := s.client("dev")
	commit := must[*gitlab.Commit](t)(c.Commits.CreateCommit(project, &gitlab.CreateCommitOptions{
		Branch: text("cms/x"), StartBranch: text("main"), CommitMessage: text("Several"), AuthorName: text("Ann"), AuthorEmail: text("ann@example.com"),
		Actions: []*gitlab.CommitActionOptions{
			{Action: text(gitlab.FileCreate), FilePath: text("new/c.md"), Content: text("Yw=="), Encoding: text("base64")},
			{Action: text(gitlab.FileMove), FilePath: text("moved.md"), PreviousPath: text("a.md")},
			{Action: text(gitlab.FileDelete), FilePath: text("b.md")},
		}}))
	if commit.AuthorName != "Ann" || commit.CommitterName != "Dev" || commit.Message != "Several" || commit.ID != s.head("cms/x") {
		t.Errorf("the commit is %+v", commit)
	}
	f := must[*gitlab.File](t)(c.RepositoryFiles.GetFile(project, "new/c.md", &gitlab.GetFileOptions{Ref: text("cms/x")}))
	if f.Content != "Yw==" || f.LastCommitID != commit.ID || f.Encoding != "base64" {
		t.Errorf("the file is %+v", f)
	}
	meta := must[*gitlab.File](t)(c.RepositoryFiles.GetFileMetaData(project, "moved.md", &gitlab.GetFileMetaDataOptions{Ref: text("cms/x")}))
	if meta.Size != 1 || meta.BlobID == "" || meta.FilePath != "moved.md" {
		t.Errorf("the metadata is %+v", meta)
	}
	raw := must[[]byte](t)(c.RepositoryFiles.GetRawFile(project, "moved.md", &gitlab.GetRawFileOptions{Ref: text("cms/x"), LFS: text(true)}))
	if string(raw) != "a" {
		t.Errorf("the content is %q", raw)
	}
	_, r, err := c.RepositoryFiles.GetFile(project, "b.md", &gitlab.GetFileOptions{Ref: text("cms/x")})
	if !errors.Is(err, gitlab.ErrNotFound) || r.StatusCode != http.StatusNotFound {
		t.Errorf("a deleted file: %v", err)
	}
	diff := must[[]*gitlab.Diff](t)(c.Commits.GetCommitDiff(project, commit.ID, nil))
	if len(diff) != 3 || !diff[0].RenamedFile && !diff[1].RenamedFile {
		t.Errorf("the diff is %+v", diff)
	}
}

func TestClient_Branches(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	c := s.client("dev")
	for _, name := range []string{"cms/posts/a", "cms/posts/b", "other"} {
		must[*gitlab.Branch](t)(c.Branches.CreateBranch(project, &gitlab.CreateBranchOptions{Branch: text(name), Ref: text("main")}))
	}
	list := must[[]*gitlab.Branch](t)(c.Branches.ListBranches(project, &gitlab.ListBranchesOptions{Search: text("^cms/")}))
	if len(list) != 2 || list[0].Name != "cms/posts/a" || !list[0].Merged || !list[0].CanPush || list[0].Default {
		t.Errorf("the branches are %+v", list)
	}
	if _, err := c.Branches.DeleteBranch(project, "cms/posts/a"); err != nil {
		t.Error(err)
	}
	if _, _, err := c.Branches.GetBranch(project, "cms/posts/a"); !errors.Is(err, gitlab.ErrNotFound) {
		t.Errorf("a deleted branch: %v", err)
	}
}

func TestClient_MergeRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.host.Set(func(set *fakehost.Settings) { set.RebasePoll = 2 })
	c := s.client("dev")
	s.change("cms/x", "x.md", "x")
	s.change("main", "y.md", "y")
	open := gitlab.CreateMergeRequestOptions{Title: text("Draft: X"), SourceBranch: text("cms/x"), TargetBranch: text("main"),
		Labels: &gitlab.LabelOptions{"cms/draft"}, RemoveSourceBranch: text(true)}
	mr := must[*gitlab.MergeRequest](t)(c.MergeRequests.CreateMergeRequest(project, &open))
	if mr.IID != 1 || !mr.Draft || len(mr.Labels) != 1 || mr.SHA != s.head("cms/x") || mr.State != "opened" || !mr.ForceRemoveSourceBranch {
		t.Errorf("opened %+v", mr)
	}
	_, r, err := c.MergeRequests.CreateMergeRequest(project, &open)
	if err == nil || r.StatusCode != http.StatusConflict {
		t.Errorf("a second one: %v", err)
	}
	mr = must[*gitlab.MergeRequest](t)(c.MergeRequests.UpdateMergeRequest(project, 1, &gitlab.UpdateMergeRequestOptions{Title: text("X"),
		AddLabels: &gitlab.LabelOptions{"cms/pending_publish"}, RemoveLabels: &gitlab.LabelOptions{"cms/draft"}}))
	if mr.Draft || len(mr.Labels) != 1 || mr.Labels[0] != "cms/pending_publish" {
		t.Errorf("updated to %+v", mr)
	}
	if _, err := c.MergeRequests.RebaseMergeRequest(project, 1, nil); err != nil {
		t.Fatal(err)
	}
	polls := 0
	for ; polls < 9; polls++ {
		mr = must[*gitlab.MergeRequest](t)(c.MergeRequests.GetMergeRequest(project, 1, &gitlab.GetMergeRequestsOptions{IncludeRebaseInProgress: text(true)}))
		if !mr.RebaseInProgress {
			break
		}
	}
	if polls != 2 || mr.SHA != s.head("cms/x") || s.file("cms/x", "y.md") != "y" || mr.MergeError != "" {
		t.Errorf("after %d polls: %+v", polls, mr)
	}
	list := must[[]*gitlab.MergeRequestDiff](t)(c.MergeRequests.ListMergeRequestDiffs(project, 1, nil))
	if len(list) != 1 || list[0].NewPath != "x.md" || !list[0].NewFile {
		t.Errorf("the diffs are %+v", list)
	}
	mr = must[*gitlab.MergeRequest](t)(c.MergeRequests.AcceptMergeRequest(project, 1, &gitlab.AcceptMergeRequestOptions{SHA: text(mr.SHA), Squash: text(true)}))
	if mr.State != "merged" || mr.MergeCommitSHA != s.head("main") || mr.SquashCommitSHA == "" || s.file("main", "x.md") != "x" {
		t.Errorf("merged %+v", mr)
	}
	if _, found := s.repo.Head("cms/x"); found {
		t.Error("the source branch is still there")
	}
}

func TestClient_ProjectsAndPeople(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, Options{}, "team/web", map[string]string{"a.md": "a"})
	s.host.AddUser(fakehost.User{Login: "team/web", Organization: true})
	s.host.SetMember("team", "reader", fakehost.Write)
	c := s.client("reader")
	p := must[*gitlab.Project](t)(c.Projects.GetProject("team/web/repo", nil))
	if p.PathWithNamespace != "team/web/repo" || p.Namespace.Kind != "group" || p.Permissions.ProjectAccess != nil ||
		p.Permissions.GroupAccess == nil || p.Permissions.GroupAccess.AccessLevel != gitlab.DeveloperPermissions {
		t.Errorf("the project is %+v, %+v", p, p.Permissions)
	}
	u := must[*gitlab.User](t)(c.Users.CurrentUser())
	if u.Username != "reader" || u.Email == "" || u.Name != "Reader" {
		t.Errorf("the user is %+v", u)
	}
	m := must[*gitlab.ProjectMember](t)(c.ProjectMembers.GetInheritedProjectMember("team/web/repo", u.ID))
	if m.AccessLevel != gitlab.DeveloperPermissions {
		t.Errorf("the member is %+v", m)
	}
	s.repo.SetPermission("reader", fakehost.Read)
	p = must[*gitlab.Project](t)(c.Projects.GetProject(p.ID, nil))
	if p.Permissions.ProjectAccess.AccessLevel != gitlab.ReporterPermissions {
		t.Errorf("the permissions are %+v", p.Permissions)
	}
}

func TestClient_StatusesAndDeployments(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	c := s.client("dev")
	head := s.head("main")
	must[*gitlab.CommitStatus](t)(c.Commits.SetCommitStatus(project, head, &gitlab.SetCommitStatusOptions{State: gitlab.Running, Name: text("deploy/preview")}))
	must[*gitlab.CommitStatus](t)(c.Commits.SetCommitStatus(project, head, &gitlab.SetCommitStatusOptions{State: gitlab.Success, Name: text("deploy/preview"),
		TargetURL: text("https://preview.example")}))
	list := must[[]*gitlab.CommitStatus](t)(c.Commits.GetCommitStatuses(project, head, nil))
	if len(list) != 1 || list[0].Status != "success" || list[0].TargetURL != "https://preview.example" || list[0].Ref != "main" {
		t.Errorf("the statuses are %+v", list)
	}
	all := must[[]*gitlab.CommitStatus](t)(c.Commits.GetCommitStatuses(project, head, &gitlab.GetCommitStatusesOptions{All: text(true)}))
	if len(all) != 2 {
		t.Errorf("all statuses are %+v", all)
	}
	id, _ := s.repo.Head("main")
	s.repo.AddDeployment(fakehost.Deployment{SHA: id, Ref: "main", Environment: "review/x", Creator: "dev",
		Statuses: []fakehost.DeploymentStatus{{State: "success", EnvironmentURL: "https://x.example"}}})
	deployments := must[[]*gitlab.Deployment](t)(c.Deployments.ListProjectDeployments(project, &gitlab.ListProjectDeploymentsOptions{Environment: text("review/x"),
		Status: text("success")}))
	if len(deployments) != 1 || deployments[0].SHA != head || deployments[0].Environment.ExternalURL != "https://x.example" {
		t.Errorf("the deployments are %+v", deployments)
	}
	environments := must[[]*gitlab.Environment](t)(c.Environments.ListEnvironments(project, nil))
	if len(environments) != 1 || environments[0].Name != "review/x" {
		t.Errorf("the environments are %+v", environments)
	}
}
