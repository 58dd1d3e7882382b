package fakegithub

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// again is the pull request as it is by now.
func (p *pullNode) again() *pullNode {
	now, _ := p.repo.Pull(p.pull.Number)
	return &pullNode{p.repositoryNode, now}
}

func (s *session) createPullRequest(input graphql.Args) (map[string]any, error) {
	r, err := s.repositoryFor(input.String("repositoryId"), "CreatePullRequest", fakehost.Read)
	if err != nil {
		return nil, err
	}
	head, branch, err := r.pullHead(input)
	if err != nil {
		return nil, err
	}
	base := input.String("baseRefName")
	p, err := r.repo.CreatePull(fakehost.NewPull{
		By: s.viewer.Login, Title: input.String("title"), Body: input.String("body"),
		Head: head.repo, HeadBranch: branch, BaseBranch: strings.TrimPrefix(base, headsPrefix),
		Draft: input.Bool("draft"), MaintainerCanModify: input.Bool("maintainerCanModify"),
	})
	if err != nil {
		return nil, badPull(err, base, branch)
	}
	return map[string]any{"pullRequest": &pullNode{r, p}}, nil
}

// pullHead finds the repository and branch of headRefName, which may start with
// the login of a fork's owner and a colon.
func (r *repositoryNode) pullHead(input graphql.Args) (*repositoryNode, string, error) {
	if input.Has("headRepositoryId") {
		head, err := nodeAs[*repositoryNode](r.session, input.String("headRepositoryId"))
		return head, input.String("headRefName"), err
	}
	owner, branch, ok := strings.Cut(input.String("headRefName"), ":")
	if !ok {
		return r, owner, nil
	}
	for _, repo := range append([]*fakehost.Repository{r.repo}, r.repo.Source().Forks()...) {
		if strings.EqualFold(repo.Info().Owner, owner) && r.visible(repo) == nil {
			return &repositoryNode{r.session, repo}, branch, nil
		}
	}
	return nil, "", noBranch("Head", input.String("baseRefName"), branch)
}

// badPull words the model's refusal as the host does.
func badPull(err error, base, branch string) error {
	var field string
	if e, ok := err.(*fakehost.Error); ok {
		field = e.Field
	}
	switch field {
	case "base", "head":
		return noBranch(upperFirst(field), base, branch)
	}
	return err
}

func noBranch(side, base, head string) error {
	return graphql.Errorf("UNPROCESSABLE", "Head sha can't be blank, Base sha can't be blank, "+
		"No commits between %s and %s, %s ref must be a branch", base, head, side)
}

// pullFor finds a pull request that the viewer may change: their own, or any in a
// repository that they may write.
func (s *session) pullFor(id, mutation string) (*pullNode, error) {
	p, err := nodeAs[*pullNode](s, id)
	if err != nil {
		return nil, err
	}
	need := fakehost.Write
	if strings.EqualFold(p.pull.Author, s.viewer.Login) {
		need = fakehost.Read
	}
	return p, s.writable(p.repo, mutation, need)
}

func (s *session) closePullRequest(input graphql.Args) (map[string]any, error) {
	return s.setOpen(input, "ClosePullRequest", false, "Could not close the pull request.")
}

func (s *session) reopenPullRequest(input graphql.Args) (map[string]any, error) {
	return s.setOpen(input, "ReopenPullRequest", true, "Could not open the pull request.")
}

func (s *session) setOpen(input graphql.Args, mutation string, open bool, failed string) (map[string]any, error) {
	p, err := s.pullFor(input.String("pullRequestId"), mutation)
	if err != nil {
		return nil, err
	}
	if p.pull.Open == open || p.pull.Merged {
		return nil, graphql.Errorf("UNPROCESSABLE", "%s", failed)
	}
	now, err := p.repo.EditPull(p.pull.Number, fakehost.PullEdit{Open: &open})
	if fakehost.KindOf(err) == fakehost.Invalid {
		return nil, graphql.Errorf("UNPROCESSABLE", "%s", failed)
	}
	return map[string]any{"pullRequest": &pullNode{p.repositoryNode, now}}, err
}

func (s *session) updatePullRequest(input graphql.Args) (map[string]any, error) {
	p, err := s.pullFor(input.String("pullRequestId"), "UpdatePullRequest")
	if err != nil {
		return nil, err
	}
	var edit fakehost.PullEdit
	for name, to := range map[string]**string{"title": &edit.Title, "body": &edit.Body, "baseRefName": &edit.Base} {
		if text, ok := input[name].(string); ok {
			*to = &text
		}
	}
	if state := input.String("state"); state != "" {
		open := state == "OPEN"
		edit.Open = &open
	}
	if may, ok := input["maintainerCanModify"].(bool); ok {
		edit.MaintainerCanModify = &may
	}
	now, err := p.repo.EditPull(p.pull.Number, edit)
	if err != nil {
		return nil, err
	}
	return map[string]any{"pullRequest": &pullNode{p.repositoryNode, now}}, nil
}

func (s *session) mergePullRequest(input graphql.Args) (map[string]any, error) {
	p, err := nodeAs[*pullNode](s, input.String("pullRequestId"))
	if err != nil {
		return nil, err
	}
	if err := s.writable(p.repo, "MergePullRequest", fakehost.Write); err != nil {
		return nil, err
	}
	_, err = p.repo.MergePull(p.pull.Number, fakehost.MergeOptions{
		By: s.viewer.Login, Method: strings.ToLower(input.String("mergeMethod")),
		Head:  plumbing.NewHash(input.String("expectedHeadOid")),
		Title: input.String("commitHeadline"), Message: input.String("commitBody"),
	})
	switch fakehost.KindOf(err) {
	case fakehost.Conflict:
		return nil, graphql.Errorf("UNPROCESSABLE", "Pull Request is not mergeable")
	case 0:
		if err != nil {
			return nil, err
		}
	default:
		return nil, graphql.Errorf("UNPROCESSABLE", "%s", err.Error())
	}
	return map[string]any{"pullRequest": p.again()}, nil
}
