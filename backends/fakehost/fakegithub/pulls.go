package fakegithub

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

const pullDocs = docsRoot + "/pulls/pulls#"

// listPulls: https://docs.github.com/rest/pulls/pulls#list-pull-requests. A
// head without an owner is ignored, and the owner's case matters.
func listPulls(c *call) (*answer, error) {
	q := c.r.URL.Query()
	state, base := cmp.Or(q.Get("state"), "open"), q.Get("base")
	owner, branch, byHead := strings.Cut(q.Get("head"), ":")
	list := slices.DeleteFunc(c.repo.Pulls(), func(p fakehost.PullRequest) bool {
		return state != "all" && state != openOrClosed(p) || base != "" && base != p.Base.Branch ||
			byHead && (owner != p.Head.Repo.Info().Owner || branch != p.Head.Branch)
	})
	order := "desc"
	if sort := q.Get("sort"); sort == "updated" {
		order = "asc"
		slices.SortStableFunc(list, func(a, b fakehost.PullRequest) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	}
	if cmp.Or(q.Get("direction"), order) == "desc" {
		slices.Reverse(list)
	}
	return paged(c, list, func(p fakehost.PullRequest) (obj, error) { return c.pullJSON(p), nil })
}

// pull is the pull request that the path names.
func (c *call) pull(docs string) (fakehost.PullRequest, error) {
	p, found := c.repo.Pull(c.number())
	if !found {
		return p, notFound(docs)
	}
	return p, nil
}

// getPull: https://docs.github.com/rest/pulls/pulls#get-a-pull-request
func getPull(c *call) (*answer, error) {
	p, err := c.pull(pullDocs + "get-a-pull-request")
	if err != nil {
		return nil, err
	}
	return c.fullPull(p)
}

func (c *call) fullPull(p fakehost.PullRequest) (*answer, error) {
	o, err := c.fullPullJSON(p)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// createPull: https://docs.github.com/rest/pulls/pulls#create-a-pull-request.
// It takes the right to push to the head's repository, and to read the base's.
func createPull(c *call) (*answer, error) {
	var in struct {
		Title, Head, Base, Body string
		Draft                   bool
		MaintainerCanModify     *bool `json:"maintainer_can_modify"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !c.signedIn() || !c.canWriteScope(c.repo.Info()) {
		return nil, notFound(pullDocs + "create-a-pull-request")
	}
	head, branch := c.repo, in.Head
	if owner, name, ok := strings.Cut(in.Head, ":"); ok {
		head, branch = c.relative(owner, ""), name
	}
	if head == nil {
		return nil, validation("PullRequest", "head", "invalid", "")
	}
	if head.Permission(c.user.Login) < fakehost.Write && c.permission() < fakehost.Write {
		return nil, notFound(pullDocs + "create-a-pull-request")
	}
	p, err := c.repo.CreatePull(fakehost.NewPull{By: c.user.Login, Title: in.Title, Body: in.Body, Head: head,
		HeadBranch: branch, BaseBranch: in.Base, Draft: in.Draft,
		MaintainerCanModify: head != c.repo && (in.MaintainerCanModify == nil || *in.MaintainerCanModify)})
	if err != nil {
		return nil, pullError(err)
	}
	o, err := c.fullPullJSON(p)
	if err != nil {
		return nil, err
	}
	return created(o["url"].(string), o)
}

// pullError is the 422 of the pull request endpoints.
func pullError(err error) error {
	e, ok := err.(*fakehost.Error)
	switch {
	case !ok || e.Kind == fakehost.NotFound:
		return err
	case e.Field != "" && e.Field != "state":
		return validation("PullRequest", e.Field, "invalid", "")
	case e.Field != "":
		return validation("PullRequest", e.Field, "invalid", e.Msg)
	}
	return validation("PullRequest", "", "custom", e.Msg)
}

// updatePull: https://docs.github.com/rest/pulls/pulls#update-a-pull-request.
// The author may, and who may push.
func updatePull(c *call) (*answer, error) {
	p, err := c.pull(pullDocs + "update-a-pull-request")
	if err != nil {
		return nil, err
	}
	if p.Author != c.user.Login || !c.canWriteScope(c.repo.Info()) {
		if err := c.mayEdit(); err != nil {
			return nil, err
		}
	}
	var in struct {
		Title, Body, State, Base *string
		MaintainerCanModify      *bool `json:"maintainer_can_modify"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	edit := fakehost.PullEdit{Title: in.Title, Body: in.Body, Base: in.Base, MaintainerCanModify: in.MaintainerCanModify}
	if in.State != nil {
		open := *in.State == "open"
		edit.Open = &open
	}
	if p, err = c.repo.EditPull(p.Number, edit); err != nil {
		return nil, pullError(err)
	}
	return c.fullPull(p)
}

// mergePull: https://docs.github.com/rest/pulls/pulls#merge-a-pull-request
func mergePull(c *call) (*answer, error) {
	if _, err := c.pull(pullDocs + "merge-a-pull-request"); err != nil {
		return nil, err
	}
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct {
		SHA     string
		Method  string `json:"merge_method"`
		Title   string `json:"commit_title"`
		Message string `json:"commit_message"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	o := fakehost.MergeOptions{By: c.user.Login, Method: in.Method, Title: in.Title, Message: in.Message}
	if in.SHA != "" {
		o.Head = plumbing.NewHash(in.SHA)
	}
	id, err := c.repo.MergePull(c.number(), o)
	if fakehost.KindOf(err) == fakehost.Conflict {
		err = &apiError{status: http.StatusMethodNotAllowed, message: "Pull Request is not mergeable"}
	}
	if err != nil {
		e, ok := err.(*apiError)
		if !ok {
			e = modelError(err)
		}
		e.docs = pullDocs + "merge-a-pull-request"
		return nil, e
	}
	return ok(obj{"sha": id.String(), "merged": true, "message": "Pull Request successfully merged"})
}

// pullFiles: https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
func pullFiles(c *call) (*answer, error) {
	p, err := c.pull(pullDocs + "list-pull-requests-files")
	if err != nil {
		return nil, err
	}
	cmp, err := c.repo.ComparePull(p)
	if err != nil {
		return nil, err
	}
	return paged(c, cmp.Files[:min(len(cmp.Files), maxFiles)], func(f fakehost.FileChange) (obj, error) {
		return c.fileJSON(f, p.Head.SHA)
	})
}

// pullCommits: https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request
func pullCommits(c *call) (*answer, error) {
	p, err := c.pull(pullDocs + "list-commits-on-a-pull-request")
	if err != nil {
		return nil, err
	}
	cmp, err := c.repo.ComparePull(p)
	if err != nil {
		return nil, err
	}
	return paged(c, cmp.Ahead[:min(len(cmp.Ahead), compareCommits)], c.commitByID)
}

// pullReviews: https://docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request
func pullReviews(c *call) (*answer, error) {
	p, err := c.pull(docsRoot + "/pulls/reviews#list-reviews-for-a-pull-request")
	if err != nil {
		return nil, err
	}
	api, web := c.repoAPI("pulls", c.params["number"]), c.repoWeb("pull", c.params["number"])
	return paged(c, p.Reviews, func(v fakehost.Review) (obj, error) {
		html := web + "#pullrequestreview-" + digits(v.ID)
		return obj{"id": v.ID, "node_id": nodeID("PullRequestReview", v.ID), "user": c.loginJSON(v.Author),
			"body": v.Body, "state": v.State, "html_url": html, "pull_request_url": api,
			"submitted_at": timeText(v.SubmittedAt), "commit_id": v.SHA.String(),
			"author_association": c.association(v.Author),
			"_links":             obj{"html": obj{"href": html}, "pull_request": obj{"href": api}}}, nil
	})
}
