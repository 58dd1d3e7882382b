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
	metadata metadata
	versions *versions
	pointers *pointers
}

// NewRepository makes the cms.Service of a Git host. It is a cms.Workflow too if
// the driver has what that needs: pull requests with labels, comparing commits and
// deleting branches.
func NewRepository(d driver.Driver, cfg Config, env Env) cms.Service {
	report := env.Report
	if report == nil {
		report = func(error) {}
	}
	r := &Repository{d: d, cfg: cfg, report: report, versions: &versions{}, pointers: &pointers{}}
	r.blobs = &blobs{d: d, store: env.Store, owner: ownerOf(env.host, cfg)}
	r.trees = &trees{d: d, store: env.Store, owner: r.blobs.owner, listings: &listings{}}
	if w, ok := d.(workflowDriver); ok {
		return newWorkflow(r, w)
	}
	return r
}

// through is the repository as the driver of a fork shows it. What is known of a
// commit or a blob is known of it everywhere.
func (r *Repository) through(d driver.Driver) *Repository {
	return &Repository{
		d: d, cfg: r.cfg, report: r.report, versions: r.versions, pointers: r.pointers,
		trees: &trees{d: d, store: r.trees.store, owner: r.trees.owner, listings: r.trees.listings},
		blobs: &blobs{d: d, store: r.blobs.store, owner: r.blobs.owner},
	}
}

// head is the commit that is published now.
func (r *Repository) head(ctx context.Context) (string, error) {
	return r.d.Head(ctx, r.cfg.branch())
}

// Authenticate implements cms.Session. It tells at sign-in what would otherwise
// fail at the first save.
func (r *Repository) Authenticate(ctx context.Context, _ cms.Credentials) (cms.User, error) {
	user, access, err := r.account(ctx)
	if err != nil {
		return cms.User{}, err
	}
	if !access.Write {
		return cms.User{}, r.mayNotWrite(user.Login)
	}
	if err := r.checkBranch(ctx, access); err != nil {
		return cms.User{}, err
	}
	if err := r.checkPush(ctx); err != nil {
		return cms.User{}, err
	}
	return user, nil
}

// checkPush tells that nothing could be saved. With the editorial workflow entries
// are, on branches of their own; whether they may be merged is seen then.
func (r *Repository) checkPush(ctx context.Context) error {
	checker, ok := r.d.(driver.PushChecker)
	if !ok || r.cfg.UseWorkflow {
		return nil
	}
	err := checker.MayPush(ctx, r.cfg.branch())
	if !cmserr.Is(err, cmserr.Forbidden) {
		return err
	}
	return because(err, cmserr.From(err).Message()+" Nothing could be saved. Ask a maintainer to let this account "+
		"push to it, or set `publish_mode: editorial_workflow`.")
}

// Restore implements cms.Session.
func (r *Repository) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return r.Authenticate(ctx, c)
}

// name is what the repository is called in messages.
func (r *Repository) name() string {
	if r.cfg.Repo == "" {
		return "the repository"
	}
	return quote(r.cfg.Repo)
}

// account is who the credential belongs to, and what they may do.
func (r *Repository) account(ctx context.Context) (cms.User, driver.Access, error) {
	u, err := r.d.User(ctx)
	if err != nil {
		return cms.User{}, driver.Access{}, err
	}
	access, err := r.d.Access(ctx)
	if cmserr.Is(err, cmserr.NotFound) {
		err = because(err, "There is no repository "+r.name()+", or the account "+quote(u.Login)+
			" may not see it. Check `backend.repo`, and ask the owner to invite the account.")
	}
	return cms.User{Login: u.Login, Name: u.Name, Email: u.Email, AvatarURL: u.AvatarURL}, access, err
}

func (r *Repository) mayNotWrite(login string) error {
	return cmserr.New(cmserr.Forbidden, "The account "+quote(login)+" may not write to "+r.name()+
		". Ask the owner for write access, or sign in with another account.")
}

// checkBranch says which branch there is, if not the one that is to be edited.
func (r *Repository) checkBranch(ctx context.Context, access driver.Access) error {
	_, err := r.head(ctx)
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	msg := "There is no branch " + quote(r.cfg.branch()) + " in " + r.name() + "."
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
	r.metadata.clear()
	r.trees.clear()
	r.report(r.blobs.clear(ctx))
	return nil
}

// Status implements cms.Service. A host that can't be reached says nothing about
// the session, and is no reason to sign anybody out; nor does one that has trouble.
func (r *Repository) Status(ctx context.Context) (cms.Status, error) {
	s := cms.Status{Auth: true, API: true}
	if page, ok := r.d.(driver.ServiceStatuser); ok {
		service, err := page.ServiceStatus(ctx)
		switch {
		case cmserr.Is(err, cmserr.Canceled):
			return cms.Status{}, err
		case err == nil:
			s.API, s.StatusPage = service.OK, service.Page
		}
	}
	if !s.API {
		return s, nil
	}
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
