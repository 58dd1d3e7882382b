package fakehost

import (
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Info is what a repository is, apart from its content.
type Info struct {
	ID            int64
	Owner, Name   string
	Description   string
	Private       bool
	Archived      bool
	DefaultBranch string
	Parent        *Repository // what it was forked from, or nil

	NoMergeCommits, NoSquash, NoRebase bool // merge methods that are switched off
	DeleteBranchOnMerge                bool
	OnlySquash, SquashByDefault        bool // pull requests are squashed, always or unless they say no
	OnlyRebased                        bool // a merge needs a branch that is up to date with its base
	MustPass                           bool // a merge needs statuses that have all passed
	MustResolve                        bool // a merge needs discussions that are all resolved
	NoLFS                              bool // Git LFS is switched off

	CreatedAt, UpdatedAt, PushedAt time.Time
}

// FullName is owner/name.
func (i Info) FullName() string { return i.Owner + "/" + i.Name }

// Repository is one repository: references, pull requests and what hangs on
// commits, over Git objects that it shares with its forks.
type Repository struct {
	host    *Host
	objects *objects

	// all below is guarded by host.mu
	info        Info
	hidden      int // how many more lookups miss a new fork
	permissions map[string]Permission
	shares      map[string]Permission // by group
	protection  map[string]Protection
	refs        map[string]plumbing.Hash // by full name
	stale       map[string]*staleRef
	labels      []*Label
	pulls       []*PullRequest
	statuses    map[plumbing.Hash][]Status
	checks      map[plumbing.Hash][]CheckRun
	deployments []*Deployment
	lfs         map[string][]byte
}

// File is one file of a new repository. A zero Mode is a regular file; a
// symlink's Content is its target.
type File struct {
	Content []byte
	Mode    filemode.FileMode
}

// RepositoryOptions are the settings of a new repository.
type RepositoryOptions struct {
	DefaultBranch string // default "main"
	Private       bool
	Description   string
	Author        object.Signature // of the first commit; default the owner, now
}

// AddRepository makes a repository with one commit that has the files; with
// no files it stays empty: no commit, no branch. The owner is added as a user
// when there is none of that login.
func (h *Host) AddRepository(owner, name string, files map[string]File, o RepositoryOptions) (*Repository, error) {
	user, ok := h.User(owner)
	if !ok {
		user = h.AddUser(User{Login: owner})
	}
	if o.DefaultBranch == "" {
		o.DefaultBranch = "main"
	}
	h.mu.Lock()
	if h.repos[key(owner, name)] != nil {
		h.mu.Unlock()
		return nil, fail(Exists, "%s/%s exists already", owner, name)
	}
	r := h.newRepository(newObjects(), Info{Owner: user.Login, Name: name, Description: o.Description,
		Private: o.Private, DefaultBranch: o.DefaultBranch})
	h.mu.Unlock()
	if len(files) == 0 {
		return r, nil
	}
	changes := make([]Change, 0, len(files))
	for path, f := range files {
		changes = append(changes, Change{Path: path, Mode: f.Mode, Content: f.Content})
	}
	if o.Author.Name == "" {
		o.Author = h.Signature(user)
	}
	_, err := r.Commit(o.DefaultBranch, o.Author, "Initial commit", changes...)
	return r, err
}

// newRepository registers a repository. The caller holds h.mu.
func (h *Host) newRepository(objects *objects, info Info) *Repository {
	now := h.Now()
	info.ID, info.CreatedAt, info.UpdatedAt, info.PushedAt = h.nextID(), now, now, now
	r := &Repository{
		host: h, objects: objects, info: info,
		permissions: map[string]Permission{},
		shares:      map[string]Permission{},
		protection:  map[string]Protection{},
		refs:        map[string]plumbing.Hash{},
		stale:       map[string]*staleRef{},
		statuses:    map[plumbing.Hash][]Status{},
		checks:      map[plumbing.Hash][]CheckRun{},
		lfs:         map[string][]byte{},
	}
	if !h.habits.NoLabels {
		r.labels = h.defaultLabels()
	}
	h.repos[key(info.Owner, info.Name)] = r
	return r
}

// Repository finds a repository by name, whatever the case.
func (h *Host) Repository(owner, name string) (*Repository, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.repos[key(owner, name)]
	return r, ok
}

// RepositoryByID finds a repository by its number.
func (h *Host) RepositoryByID(id int64) (*Repository, bool) {
	for _, r := range h.Repositories() {
		if r.Info().ID == id {
			return r, true
		}
	}
	return nil, false
}

// Repositories are all repositories, oldest first.
func (h *Host) Repositories() []*Repository {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*Repository, 0, len(h.repos))
	for _, r := range h.repos {
		list = append(list, r)
	}
	sortByID(list)
	return list
}

func sortByID(list []*Repository) {
	slices.SortFunc(list, func(a, b *Repository) int { return int(a.info.ID - b.info.ID) })
}

// Lookup is what a client's request finds under a name: a new fork is missing
// for Settings.ForkPolls lookups, and moved is true when the repository has
// another name by now.
func (h *Host) Lookup(owner, name string) (r *Repository, moved, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r, ok = h.repos[key(owner, name)]; !ok {
		if r, moved = h.renamed[key(owner, name)]; !moved {
			return nil, false, false
		}
	}
	if r.hidden > 0 {
		r.hidden--
		return nil, false, false
	}
	return r, moved, true
}

// Rename gives a repository another owner or name. The old name redirects.
func (h *Host) Rename(r *Repository, owner, name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	old := key(r.info.Owner, r.info.Name)
	delete(h.repos, old)
	h.renamed[old] = r
	r.info.Owner, r.info.Name = owner, name
	h.repos[key(owner, name)] = r
}

// Host is the server that the repository is on.
func (r *Repository) Host() *Host { return r.host }

// Info is what the repository is at present.
func (r *Repository) Info() Info {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.info
}

// FullName is owner/name.
func (r *Repository) FullName() string { return r.Info().FullName() }

// Edit changes what the repository is.
func (r *Repository) Edit(change func(*Info)) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	change(&r.info)
}

// SetPermission gives a user a permission.
func (r *Repository) SetPermission(login string, p Permission) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	r.permissions[strings.ToLower(login)] = p
}

// Permission is what a user may do; "" is somebody who isn't signed in.
func (r *Repository) Permission(login string) Permission {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.permission(login)
}

func (r *Repository) permission(login string) Permission {
	if login != "" && strings.EqualFold(login, r.info.Owner) {
		return Admin
	}
	p := max(r.permissions[strings.ToLower(login)], r.throughGroups(login))
	if p == None && !r.info.Private {
		return Read
	}
	return p
}

// Signature is how a user signs a commit now.
func (h *Host) Signature(u User) object.Signature {
	name := u.Name
	if name == "" {
		name = u.Login
	}
	return object.Signature{Name: name, Email: u.Email, When: h.Now()}
}
