package fakehost

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Protection is what a protected branch asks for. Nobody may delete it or
// rewrite its history.
type Protection struct {
	RequiredChecks  []string // contexts of statuses, or names of check runs, that must have passed
	RequiredReviews int      // approving reviews that a pull request needs; also refuses direct pushes
	RestrictPushes  bool     // nobody but admins may push
	EnforceAdmins   bool     // all of it holds for admins too
	RestrictMerges  bool     // nobody but admins may merge pull requests into it
}

// Protect protects a branch; nil lifts the protection.
func (r *Repository) Protect(branch string, p *Protection) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if p == nil {
		delete(r.protection, branch)
		return
	}
	r.protection[branch] = *p
}

// Protection is a branch's protection, if it has one.
func (r *Repository) Protection(branch string) (Protection, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p, ok := r.protection[branch]
	return p, ok
}

// checkProtection refuses an update of a protected branch. The texts are
// GitHub's (https://docs.github.com/articles/about-protected-branches).
func (r *Repository) checkProtection(by string, u RefUpdate, at plumbing.Hash) error {
	p, ok := r.protection[strings.TrimPrefix(u.Name, heads)]
	if by == "" || !ok {
		return nil
	}
	if u.Delete {
		return fail(Protected, "Cannot delete this protected branch")
	}
	if !r.objects.isAncestor(at, u.After) {
		return fail(Protected, "Cannot force-push to this protected branch")
	}
	if r.permission(by) == Admin && !p.EnforceAdmins {
		return nil
	}
	if p.RestrictPushes {
		return fail(Protected, "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.")
	}
	if p.RequiredReviews > 0 {
		return fail(Protected, "Changes must be made through a pull request.")
	}
	return r.checkRequired(p, u.After, Protected)
}

// checkRequired refuses a commit whose required checks haven't all passed.
func (r *Repository) checkRequired(p Protection, id plumbing.Hash, kind Kind) error {
	var missing []string
	for _, name := range p.RequiredChecks {
		if !r.passed(id, name) {
			missing = append(missing, name)
		}
	}
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return fail(kind, "Required status check %q is expected.", missing[0])
	}
	return fail(kind, "%d of %d required status checks are expected.", len(missing), len(p.RequiredChecks))
}

func (r *Repository) passed(id plumbing.Hash, name string) bool {
	statuses := r.statuses[id]
	if i := slices.IndexFunc(statuses, func(s Status) bool { return s.Context == name }); i >= 0 {
		return statuses[i].State == "success"
	}
	checks := r.checks[id]
	i := slices.IndexFunc(checks, func(c CheckRun) bool { return c.Name == name })
	return i >= 0 && slices.Contains([]string{"success", "neutral", "skipped"}, checks[i].Conclusion)
}
