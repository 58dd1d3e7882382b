package forge

import (
	"context"
	"slices"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// A View has every capability there is, but for that of Rebasing.
var (
	_ driver.Driver          = (*View)(nil)
	_ driver.Brancher        = (*View)(nil)
	_ driver.PullRequester   = (*View)(nil)
	_ driver.PullFiler       = (*View)(nil)
	_ driver.Labeler         = (*View)(nil)
	_ driver.Comparer        = (*View)(nil)
	_ driver.StatusReader    = (*View)(nil)
	_ driver.BranchLister    = (*View)(nil)
	_ driver.Forker          = (*View)(nil)
	_ driver.MetadataReader  = (*View)(nil)
	_ driver.LFSStore        = (*View)(nil)
	_ driver.Namer           = (*View)(nil)
	_ driver.ServiceStatuser = (*View)(nil)
	_ driver.PushChecker     = (*View)(nil)
)

// User implements driver.Driver.
func (v *View) User(ctx context.Context) (driver.User, error) {
	if err := v.call(ctx, "User"); err != nil {
		return driver.User{}, err
	}
	return driver.User{Login: v.login, Name: v.login}, nil
}

// Access implements driver.Driver.
func (v *View) Access(ctx context.Context) (driver.Access, error) {
	if err := v.call(ctx, "Access"); err != nil {
		return driver.Access{}, err
	}
	a, err := v.f.Repo.Access(ctx)
	a.Write = v.mayPush() == nil
	return a, err
}

// Head implements driver.Driver. A fork's default branch is in step with its
// origin's.
func (v *View) Head(ctx context.Context, branch string) (string, error) {
	if err := v.call(ctx, "Head"); err != nil {
		return "", err
	}
	if v.isDefault(ctx, branch) {
		return v.f.Repo.Head(ctx, branch)
	}
	return v.f.Repo.Head(ctx, v.name(branch))
}

func (v *View) isDefault(ctx context.Context, branch string) bool {
	a, err := v.f.Repo.Access(ctx)
	return err == nil && a.DefaultBranch == branch
}

// Tree implements driver.Driver.
func (v *View) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if err := v.call(ctx, "Tree"); err != nil {
		return nil, err
	}
	return v.f.Repo.Tree(ctx, commit, dir, recursive)
}

// Blobs implements driver.Driver.
func (v *View) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	if err := v.call(ctx, "Blobs"); err != nil {
		return nil, err
	}
	return v.f.Repo.Blobs(ctx, refs)
}

// Commit implements driver.Driver.
func (v *View) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	var done driver.Committed
	err := v.change(ctx, "Commit", func() error {
		if err := v.mayPush(); err != nil {
			return err
		}
		if err := v.f.protection(c.Branch); err != nil {
			return err
		}
		c.Branch = v.name(c.Branch)
		if c.Author == nil {
			c.Author = &driver.Author{Name: v.login, Date: v.f.now()}
		}
		parent := c.Base
		if parent == "" || parent == c.ExpectedHead {
			parent, _ = v.f.Repo.Head(ctx, c.Branch)
		}
		var err error
		if done, err = v.f.Repo.Commit(ctx, c); err == nil {
			v.f.names[c.Branch] = true
			err = v.f.record(ctx, done.Head, driver.LastChange{Author: c.Author.Name, Date: c.Author.Date}, parent)
		}
		return err
	})
	if err != nil {
		return driver.Committed{}, err
	}
	return done, nil
}

// MayPush implements driver.PushChecker.
func (v *View) MayPush(ctx context.Context, branch string) error {
	if err := v.call(ctx, "MayPush"); err != nil {
		return err
	}
	if _, err := v.Head(ctx, branch); err != nil {
		return err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	return v.f.protection(branch)
}

// protection is why a branch of the origin takes no commits. The lock is held.
func (f *Forge) protection(branch string) error {
	if f.protected[branch] {
		return cmserr.New(cmserr.Forbidden, "The branch “"+branch+"” is protected.")
	}
	return nil
}

// DeleteBranch implements driver.Brancher.
func (v *View) DeleteBranch(ctx context.Context, branch, expectedHead string) error {
	return v.change(ctx, "DeleteBranch", func() error {
		if err := v.mayPush(); err != nil {
			return err
		}
		return v.f.Repo.DeleteBranch(ctx, v.name(branch), expectedHead)
	})
}

// Branches implements driver.BranchLister.
func (v *View) Branches(ctx context.Context, prefix string) ([]driver.Branch, error) {
	if err := v.call(ctx, "Branches"); err != nil {
		return nil, err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	found := []driver.Branch{}
	for name := range v.f.names {
		fork, branch := forkOf(name)
		if fork != v.fork || !strings.HasPrefix(branch, prefix) {
			continue
		}
		head, err := v.f.Repo.Head(ctx, name)
		if cmserr.Is(err, cmserr.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, driver.Branch{Name: branch, Head: head, Merged: v.f.merged[name] == head})
	}
	if a, err := v.f.Repo.Access(ctx); err == nil && !v.f.names[a.DefaultBranch] &&
		strings.HasPrefix(a.DefaultBranch, prefix) {
		head, err := v.f.Repo.Head(ctx, a.DefaultBranch)
		if err != nil {
			return nil, err
		}
		found = append(found, driver.Branch{Name: a.DefaultBranch, Head: head})
	}
	slices.SortFunc(found, func(a, b driver.Branch) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

// Compare implements driver.Comparer.
func (v *View) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	if err := v.call(ctx, "Compare"); err != nil {
		return driver.Comparison{}, err
	}
	return v.f.Repo.Compare(ctx, base, head)
}
