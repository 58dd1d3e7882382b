package fakegitea

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// listPulls: GET …/pulls. Any state but open and closed, none too, means all.
func listPulls(c *call) (*answer, error) {
	q := c.r.URL.Query()
	var labels []int64
	for _, text := range splitList(q["labels"]) {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, internal()
		}
		labels = append(labels, id)
	}
	state, base := strings.TrimSpace(q.Get("state")), strings.TrimSpace(q.Get("base_branch"))
	list := slices.DeleteFunc(c.repo.Pulls(), func(p fakehost.PullRequest) bool {
		has := func(id int64) bool { return slices.Contains(p.LabelIDs, id) }
		return (state == "open" || state == "closed") && state != stateOf(p) ||
			c.offers.pullsByBase && base != "" && base != p.Base.Branch ||
			len(labels) > 0 && !slices.ContainsFunc(labels, has)
	})
	updated := func(a, b fakehost.PullRequest) int { return a.UpdatedAt.Compare(b.UpdatedAt) }
	switch q.Get("sort") {
	case "oldest":
	case "leastupdate":
		slices.SortStableFunc(list, updated)
	case "recentupdate":
		slices.SortStableFunc(list, updated)
		slices.Reverse(list)
	default:
		slices.Reverse(list)
	}
	return paged(c, list, c.pullJSON)
}

// splitList joins the values of a parameter that may come often, or with
// commas.
func splitList(values []string) []string {
	return slices.DeleteFunc(strings.Split(strings.Join(values, ","), ","), func(s string) bool { return s == "" })
}

// pull is the pull request that the path names.
func (c *call) pull() (fakehost.PullRequest, error) {
	n, _ := strconv.Atoi(c.params["index"]) // no number is 0, which no pull request has
	p, found := c.repo.Pull(n)
	if !found {
		return p, notFound()
	}
	return p, nil
}

// seenPull is the pull request that the path names, with the head that the
// server's own reference to it has.
func (c *call) seenPull() (fakehost.PullRequest, error) {
	p, err := c.pull()
	if err != nil {
		return p, err
	}
	p, _ = c.repo.SeenPull(p.Number)
	return p, nil
}

// getPull: GET …/pulls/{index}
func getPull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return c.fullPull(http.StatusOK, p)
}

func (c *call) fullPull(status int, p fakehost.PullRequest) (*answer, error) {
	o, err := c.fullPullJSON(p)
	if err != nil {
		return nil, err
	}
	return &answer{status: status, body: o}, nil
}

// pullByBranches: GET …/pulls/{base}/{head}: an open one, or the last.
func pullByBranches(c *call) (*answer, error) {
	repo, branch := c.repo, c.params["head"]
	if owner, rest, ok := strings.Cut(branch, ":"); ok {
		owner, name, named := strings.Cut(owner, "/")
		if !named {
			name = c.repo.Info().Name
		}
		var found bool
		if repo, found = c.host.Repository(owner, name); !found {
			return nil, notFound()
		}
		branch = rest
	}
	var match *fakehost.PullRequest
	for _, p := range c.repo.Pulls() {
		if p.Head.Repo == repo && p.Head.Branch == branch && p.Base.Branch == c.params["base"] && (match == nil || !match.Open) {
			match = &p
		}
	}
	if match == nil {
		return nil, notFound()
	}
	return c.fullPull(http.StatusOK, *match)
}

// createPull: POST …/pulls. Labels are ids. There needn't be a change.
func createPull(c *call) (*answer, error) {
	var in struct {
		Head, Base, Title, Body string
		Labels                  []int64
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := cmp.Or(required("Head", in.Head), required("Base", in.Base), required("Title", in.Title)); err != nil {
		return nil, err
	}
	if in.Head == in.Base {
		return nil, invalid("Invalid PullRequest: There are no changes between the head and the base")
	}
	head, found := c.side(in.Head)
	if _, exists := c.repo.Head(in.Base); !found || !exists {
		return nil, notFound()
	}
	for _, p := range c.repo.Pulls() {
		if p.Open && p.Head.Repo == head.Repo && p.Head.Branch == head.Branch && p.Base.Branch == in.Base {
			return nil, conflict("pull request already exists for these targets [id: " + digits(p.ID) + ", issue_id: " +
				strconv.Itoa(p.Number) + ", head_repo_id: " + digits(head.Repo.Info().ID) + ", base_repo_id: " +
				digits(c.repo.Info().ID) + ", head_branch: " + p.Head.Branch + ", base_branch: " + p.Base.Branch + "]")
		}
	}
	if c.permission() < fakehost.Write && head.Repo == c.repo {
		return nil, forbidden("user must be a collaborator")
	}
	p, err := c.repo.CreatePull(fakehost.NewPull{By: c.user.Login, Title: in.Title, Body: in.Body, Head: head.Repo,
		HeadBranch: head.Branch, BaseBranch: in.Base, MaintainerCanModify: true})
	if err != nil {
		return nil, internal()
	}
	if err := c.repo.SetLabelIDs(p.Number, in.Labels); err != nil {
		return nil, err
	}
	p, _ = c.repo.Pull(p.Number)
	return c.fullPull(http.StatusCreated, p)
}

// editPull: PATCH …/pulls/{index}, which answers 201.
func editPull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	var in struct {
		Title, Base string
		Body, State *string
		Labels      []int64
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	writer := c.permission() >= fakehost.Write
	if !writer && !strings.EqualFold(p.Author, c.user.Login) {
		return nil, &apiError{status: http.StatusForbidden, form: noBody}
	}
	edit := fakehost.PullEdit{Body: in.Body}
	if in.Title != "" {
		edit.Title = &in.Title
	}
	if edit.Open, err = newState(p, in.State); err != nil {
		return nil, err
	}
	if _, exists := c.repo.Head(in.Base); in.Base != "" && !exists {
		return nil, refused(http.StatusNotFound, "new base '"+in.Base+"' not exist")
	}
	if in.Base != "" {
		edit.Base = &in.Base
	}
	if writer && in.Labels != nil {
		if err := c.repo.SetLabelIDs(p.Number, in.Labels); err != nil {
			return nil, err
		}
	}
	if p, err = c.repo.EditPull(p.Number, edit); err != nil {
		return nil, internal()
	}
	return c.fullPull(http.StatusCreated, p)
}

// newState reads the state that a pull request shall have; nil is that it has.
func newState(p fakehost.PullRequest, state *string) (*bool, error) {
	if state == nil {
		return nil, nil
	}
	open := *state == "open"
	switch {
	case p.Merged:
		return nil, refused(http.StatusPreconditionFailed, "cannot change state of this pull request, it was already merged")
	case !open && *state != "closed":
		return nil, refused(http.StatusPreconditionFailed, "unknown state: "+*state)
	}
	return &open, nil
}

// pullFiles: GET …/pulls/{index}/files
func pullFiles(c *call) (*answer, error) {
	p, err := c.seenPull()
	if err != nil {
		return nil, err
	}
	comparison, err := c.comparePull(p)
	if err != nil {
		return nil, err
	}
	a, err := paged(c, comparison.Files, func(f fakehost.FileChange) (obj, error) { return c.changedFileJSON(p, f) })
	if err == nil {
		a.more(c.page(), len(comparison.Files))
	}
	return a, err
}

// pullCommits: GET …/pulls/{index}/commits
func pullCommits(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	comparison, err := c.comparePull(p)
	if err != nil {
		return nil, err
	}
	parts := c.commitParts()
	parts.stat = true
	list, err := c.commitsJSON(comparison.Ahead, parts)
	if err != nil {
		return nil, err
	}
	a, err := paged(c, list, func(o obj) (obj, error) { return o, nil })
	if err == nil {
		a.more(c.page(), len(list))
	}
	return a, err
}

// listReviews: GET …/pulls/{index}/reviews
func listReviews(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return paged(c, p.Reviews, func(v fakehost.Review) (obj, error) { return c.reviewJSON(p, v), nil })
}

// createReview: POST …/pulls/{index}/reviews
func createReview(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	var in struct{ Event, Body string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	states := map[string]string{"APPROVED": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
	own := strings.EqualFold(p.Author, c.user.Login)
	switch state := states[in.Event]; {
	case state == "APPROVED" && own:
		return nil, invalid("approve your own pull is not allowed")
	case state == "CHANGES_REQUESTED" && own:
		return nil, invalid("reject your own pull is not allowed")
	case state == "":
		return nil, invalid("unknown review event: " + in.Event)
	}
	v, err := c.repo.AddReview(p.Number, fakehost.Review{Author: c.user.Login, State: states[in.Event], Body: in.Body})
	if err != nil {
		return nil, err
	}
	p, _ = c.repo.Pull(p.Number)
	return ok(c.reviewJSON(p, v))
}
