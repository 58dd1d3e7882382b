package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Repository is a cms.Service over a Git host. What it knows of a commit never
// changes, so everything is read at one: the branch's head first, then the tree
// as it is there, so that no commit slips in between.
type Repository struct {
	d        driver.Driver
	cfg      Config
	report   func(error)
	trees    *trees
	blobs    *blobs
	pages    pages
	versions versions
}

// workflowDriver is what the editorial workflow needs of a host.
type workflowDriver interface {
	driver.Driver
	driver.Brancher
	driver.PullRequester
	driver.Labeler
	driver.Comparer
}

// NewRepository makes the cms.Service of a Git host. It is a cms.Workflow too if
// the driver has what that needs: pull requests with labels, comparing commits and
// deleting branches.
func NewRepository(d driver.Driver, cfg Config, env Env) cms.Service {
	report := env.Report
	if report == nil {
		report = func(error) {}
	}
	r := &Repository{d: d, cfg: cfg, report: report}
	r.trees = &trees{d: d}
	r.blobs = &blobs{d: d, store: env.Store}
	if w, ok := d.(workflowDriver); ok {
		return &workflowRepository{Repository: r, host: w}
	}
	return r
}

// head is the commit that is published now.
func (r *Repository) head(ctx context.Context) (string, error) {
	return r.d.Head(ctx, r.cfg.branch())
}

// Authenticate implements cms.Session.
func (r *Repository) Authenticate(ctx context.Context, _ cms.Credentials) (cms.User, error) {
	user, err := r.d.User(ctx)
	if err != nil {
		return cms.User{}, err
	}
	if err := r.checkAccess(ctx, user.Login); err != nil {
		return cms.User{}, err
	}
	return cms.User{Login: user.Login, Name: user.Name, Email: user.Email, AvatarURL: user.AvatarURL}, nil
}

// Restore implements cms.Session.
func (r *Repository) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return r.Authenticate(ctx, c)
}

// checkAccess tells at sign-in what would otherwise fail at the first save.
func (r *Repository) checkAccess(ctx context.Context, login string) error {
	repo := "the repository"
	if r.cfg.Repo != "" {
		repo = quote(r.cfg.Repo)
	}
	access, err := r.d.Access(ctx)
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return because(err, "There is no repository "+repo+", or the account "+quote(login)+
			" may not see it. Check `backend.repo`, and ask the owner to invite the account.")
	case err != nil:
		return err
	case !access.Write:
		return cmserr.New(cmserr.Forbidden, "The account "+quote(login)+" may not write to "+repo+
			". Ask the owner for write access, or sign in with another account.")
	}
	_, err = r.head(ctx)
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	msg := "There is no branch " + quote(r.cfg.branch()) + " in " + repo + "."
	if access.DefaultBranch != "" && access.DefaultBranch != r.cfg.branch() {
		msg += " Its default branch is " + quote(access.DefaultBranch) + ": set `backend.branch` to it."
	} else {
		msg += " Create it with a first commit, or set `backend.branch` to one that exists."
	}
	return because(err, msg)
}

// because is err with a better message.
func because(err error, msg string) error {
	out := *cmserr.From(err)
	out.Err, out.Msg = err, msg
	return &out
}

// Logout implements cms.Session. Nothing that was read stays.
func (r *Repository) Logout(ctx context.Context) error {
	r.versions.clear()
	r.pages.clear()
	r.trees.clear()
	r.report(r.blobs.clear(ctx))
	return nil
}

// Status implements cms.Service. A host that can't be reached says nothing about
// the session, and is no reason to sign anybody out.
func (r *Repository) Status(ctx context.Context) (cms.Status, error) {
	s := cms.Status{Auth: true, API: true}
	_, err := r.d.User(ctx)
	switch cmserr.KindOf(err) {
	case cmserr.Canceled:
		return cms.Status{}, err
	case cmserr.Unauthenticated, cmserr.Forbidden:
		s.Auth = false
		return s, nil
	}
	if err == nil {
		_, err = r.head(ctx)
	}
	switch cmserr.KindOf(err) {
	case cmserr.Canceled:
		return cms.Status{}, err
	case cmserr.Network, cmserr.RateLimited, cmserr.Internal, cmserr.Unknown:
		s.API = err == nil
	}
	return s, nil
}
