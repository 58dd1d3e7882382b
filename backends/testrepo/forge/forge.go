// Package forge is a Git host in memory that has every capability of package driver,
// for tests: accounts with rights, forks, metadata, large files. What lies in the
// repository is kept by package testrepo.
package forge

import (
	"context"
	"strings"
	"sync"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
)

// Forge is a host with one repository and its forks, which share all objects. The
// fields may be set while nothing calls the host.
type Forge struct {
	// Repo is the repository behind the host. What is committed there directly is
	// not known to LastChanges and Branches.
	Repo *testrepo.Repo
	// Before is called before every call with the method's name, and fails it.
	Before func(method string) error
	// Status is what the status page says; nil: it does not answer.
	Status *driver.ServiceStatus
	// NoEdits names forks into which maintainers may not write.
	NoEdits map[string]bool
	// People are what accounts are called, by login. The others show no name.
	People map[string]string
	// ReadOnlyLFS is why large files can't be stored, "" if they can.
	ReadOnlyLFS string

	now func() time.Time

	mu        sync.Mutex
	calls     map[string]int
	forks     map[string]bool
	history   map[string]record // by commit
	names     map[string]bool   // of branches that were made here
	merged    map[string]string // the head that was merged, by branch
	authors   map[int]string    // of pull requests
	refused   map[int]string    // why pull requests are not merged
	protected map[string]bool   // branches that take no commits
	large     map[string][]byte // by object id
	lose      int               // which of the next answers gets lost, 0 for none
}

// record is what LastChanges knows of a commit.
type record struct {
	parents []string
	by      driver.LastChange
	files   map[string]string // blob ids by path
}

// Open makes a host whose repository starts as the options say.
func Open(o testrepo.Options) *Forge {
	f := &Forge{
		Repo: testrepo.Open(o), NoEdits: map[string]bool{}, now: o.Now,
		calls: map[string]int{}, forks: map[string]bool{}, history: map[string]record{},
		names: map[string]bool{}, merged: map[string]string{}, authors: map[int]string{},
		refused: map[int]string{}, large: map[string][]byte{}, protected: map[string]bool{},
	}
	if f.now == nil {
		f.now = time.Now
	}
	return f
}

// As is the repository as an account sees it. One that may not write may read, and
// fork it.
func (f *Forge) As(login string, mayWrite bool) *View {
	return &View{f: f, login: login, mayWrite: mayWrite}
}

// Calls is how often a method was called on any view since the last Reset; of ""
// it is how often any was.
func (f *Forge) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if method != "" {
		return f.calls[method]
	}
	all := 0
	for _, n := range f.calls {
		all += n
	}
	return all
}

// Reset starts counting anew.
func (f *Forge) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = map[string]int{}
}

// LoseAnswer applies the nth change from now on, and has its answer get lost.
func (f *Forge) LoseAnswer(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lose = n
}

// RefuseMerge has the host refuse to merge a pull request.
func (f *Forge) RefuseMerge(number int, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused[number] = why
}

// Protect has a branch take no commits.
func (f *Forge) Protect(branch string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.protected[branch] = true
}

// View is the repository, or a fork of it, as an account sees it.
type View struct {
	f        *Forge
	login    string
	mayWrite bool   // into the origin
	fork     string // "" for the origin
}

// call counts a call, and fails it as the test wants.
func (v *View) call(ctx context.Context, method string) error {
	if err := ctx.Err(); err != nil {
		return cmserr.From(err)
	}
	v.f.mu.Lock()
	v.f.calls[method]++
	before := v.f.Before
	gone := v.fork != "" && !v.f.forks[v.fork]
	v.f.mu.Unlock()
	if before != nil {
		if err := before(method); err != nil {
			return err
		}
	}
	if gone {
		return cmserr.New(cmserr.NotFound, "There is no repository '"+v.fork+"'.")
	}
	return nil
}

// change makes a change alone, and may lose its answer.
func (v *View) change(ctx context.Context, method string, apply func() error) error {
	if err := v.call(ctx, method); err != nil {
		return err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	if err := apply(); err != nil {
		return err
	}
	if v.f.lose > 0 {
		if v.f.lose--; v.f.lose == 0 {
			return cmserr.New(cmserr.Network, "The connection was cut.")
		}
	}
	return nil
}

// mayPush says whether the account may write to the branches of this view.
func (v *View) mayPush() error {
	owner, _, _ := strings.Cut(v.fork, "/")
	switch {
	case v.fork == "" && v.mayWrite, v.fork != "" && owner == v.login:
		return nil
	case v.fork != "" && v.mayWrite && !v.f.NoEdits[v.fork]:
		return nil
	}
	return cmserr.New(cmserr.Forbidden, "The account '"+v.login+"' may not write here.")
}

// name is what a branch of this view is called in the one repository behind all of
// them. No branch has a tilde in its name, so forks are out of the origin's way.
func (v *View) name(branch string) string {
	if v.fork == "" {
		return branch
	}
	if rest, own := strings.CutPrefix(branch, "cms/"); own { // where branches may be replaced
		return "cms/~" + v.fork + "~" + rest
	}
	return "~" + v.fork + "~" + branch
}

// forkOf takes a name apart into fork and branch.
func forkOf(name string) (fork, branch string) {
	parts := strings.Split(name, "~")
	if len(parts) != 3 {
		return "", name
	}
	return parts[1], parts[0] + parts[2]
}
