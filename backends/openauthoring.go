package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Open authoring lets people suggest changes who may not write to the repository:
// they work on a fork of it, and ask for a review with a pull request.

// Authenticate implements cms.Session. With open authoring, who may not write gets
// a contributor's desk; ForkNeeded until they agree to the fork that it stands in.
func (w *workflowRepository) Authenticate(ctx context.Context, c cms.Credentials) (cms.User, error) {
	user, access, err := w.account(ctx)
	if err != nil {
		return cms.User{}, err
	}
	forker, ok := w.d.(driver.Forker)
	forks := ok && w.cfg.OpenAuthoring && (!access.Write || w.cfg.AlwaysFork)
	if !access.Write && !forks {
		return cms.User{}, w.mayNotWrite(user.Login)
	}
	if err := w.checkBranch(ctx, access); err != nil {
		return cms.User{}, err
	}
	if !forks {
		if err := w.checkPush(ctx); err != nil {
			return cms.User{}, err
		}
	}
	var desk *contributor
	if forks {
		if desk, err = w.onFork(ctx, forker, user.Login, c.Fork); err != nil {
			return cms.User{}, err
		}
		user.Fork = desk.fork
	}
	w.contributor.Store(desk)
	w.user.Store(&user)
	return user, nil
}

// Restore implements cms.Session.
func (w *workflowRepository) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return w.Authenticate(ctx, c)
}

// Logout implements cms.Session.
func (w *workflowRepository) Logout(ctx context.Context) error {
	w.contributor.Store(nil)
	w.user.Store(nil)
	w.board.clear()
	w.hidden.clear()
	return w.Repository.Logout(ctx)
}

// onFork is the desk in the user's own fork, which is made if they agreed to it.
func (w *workflowRepository) onFork(ctx context.Context, forker driver.Forker, login string, agreed bool) (*contributor, error) {
	fork, err := forker.Fork(ctx, w.cfg.branch(), agreed)
	if cmserr.Is(err, cmserr.NotFound) && !agreed {
		return nil, cmserr.Wrap(cmserr.ForkNeeded, err, "The account "+quote(login)+" does not write to "+w.name()+
			" itself. To suggest changes it needs a fork, which is a copy of the repository under its own name. "+
			"What you save is kept there, and sent to the maintainers when you ask for a review.")
	}
	if err != nil {
		return nil, err
	}
	host, able := fork.Driver.(draftDriver)
	branches, lists := fork.Driver.(driver.BranchLister)
	if !able || !lists {
		return nil, cmserr.New(cmserr.Unsupported, "This host's forks can't hold drafts. Take `open_authoring` out of "+
			"the CMS's configuration, and ask the owner of "+w.name()+" for write access.")
	}
	return &contributor{
		workflowRepository: w, login: login, fork: fork.Name, branches: branches,
		at: home{Repository: w.through(host), host: host},
	}, nil
}

// mayPublish refuses what would change the published branch, to who has a fork.
func (w *workflowRepository) mayPublish() error {
	if w.contributor.Load() == nil {
		return nil
	}
	return cmserr.New(cmserr.Forbidden, "Only a maintainer of "+w.name()+" can change what is published. "+
		"Set your entry to “in review”, and they will see it. Upload a file from within an entry: it is sent along.")
}

// DeleteFiles implements cms.Service.
func (w *workflowRepository) DeleteFiles(ctx context.Context, paths []string, message string) error {
	if err := w.mayPublish(); err != nil {
		return err
	}
	return w.Repository.DeleteFiles(ctx, paths, message)
}

// PersistMedia implements cms.Media.
func (w *workflowRepository) PersistMedia(ctx context.Context, a cms.Asset, message string) (cms.MediaFile, error) {
	if err := w.mayPublish(); err != nil {
		return cms.MediaFile{}, err
	}
	return w.Repository.PersistMedia(ctx, a, message)
}

// commit is Repository.commit on the draft's branch. It says why somebody else's
// fork takes none; some hosts call Not Found what they forbid.
func (h home) commit(ctx context.Context, c driver.Commit, large []driver.LFSFile) (string, error) {
	if h.fork == nil {
		return h.Repository.commit(ctx, c, large)
	}
	head, err := h.through(h.fork).commit(ctx, c, large)
	hides := cmserr.Is(err, cmserr.NotFound) && cmserr.From(err).Path == ""
	if hides || cmserr.Is(err, cmserr.Forbidden) {
		err = cmserr.Wrap(cmserr.Forbidden, err, "The contributor does not allow maintainers to edit this entry. Ask "+
			"them to change it, or to allow edits on the pull request: "+cmserr.From(err).Message())
	}
	return head, err
}
