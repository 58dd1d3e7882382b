package gitgateway

import (
	"strings"

	"mooring/backends/driver"
	"mooring/backends/gitlab"
	"mooring/backends/rest"
)

// overGitLab is what can be done at GitLab through the gateway. It passes neither GraphQL
// nor accounts.
type overGitLab struct {
	*guest
	driver.Brancher
	driver.BranchLister
	driver.PullRequester
	driver.PullFiler
	driver.Labeler
	driver.Comparer
	driver.Rebaser
	driver.PushChecker
	driver.StatusReader
	driver.MetadataReader
	*largeMedia
	*netlify
}

var (
	_ driver.LFSChooser  = (*overGitLab)(nil)
	_ driver.Thumbnailer = (*overGitLab)(nil)
	_ driver.Previewer   = (*overGitLab)(nil)
)

// OpenGitLab makes the driver of the repository at GitLab that a gateway leads to.
// Nothing is asked of it yet.
func OpenGitLab(cfg Config, env Env) (driver.Driver, error) {
	cfg, err := cfg.check()
	if err != nil {
		return nil, err
	}
	root, project := cfg.URL+"/gitlab", nobody+"/"+nobody
	repo, err := gitlab.OpenREST(gitlab.Config{Repo: project, APIRoot: root}, gitlab.Env{
		Doer: &door{
			next: env.renewing(), provider: "GitLab", root: root,
			inside: "/projects/" + rest.EscapeSegment(project), passes: gitLabPasses,
		},
		Token: env.Token, Govern: env.Govern,
	})
	if err != nil {
		return nil, err
	}
	media := newLargeMedia(repo, cfg, env)
	media.own, media.points = repo, true
	return &overGitLab{
		guest:    &guest{repo, cfg.Identity, env.Token},
		Brancher: repo, BranchLister: repo, PullRequester: repo, PullFiler: repo, Labeler: repo,
		Comparer: repo, Rebaser: repo, PushChecker: repo, StatusReader: repo, MetadataReader: repo,
		largeMedia: media, netlify: newNetlify(cfg, env),
	}, nil
}

// gitLabPasses is the gateway's rule.
// https://github.com/netlify/git-gateway/blob/master/api/gitlab.go
func gitLabPasses(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	switch {
	case parts[0] == "merge_requests":
		return true
	case parts[0] != "repository" || len(parts) < 2:
		return false
	}
	switch parts[1] {
	case "files", "commits", "tree", "compare", "branches":
		return true
	}
	return false
}
