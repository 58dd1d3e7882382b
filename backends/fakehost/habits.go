package fakehost

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing/object"
)

// Habits are in what the hosts' models differ. The zero value is GitHub's.
type Habits struct {
	// NoLabels: a new repository has no labels.
	NoLabels bool
	// UserCommits: what the host commits by itself (merges, rebases) has the
	// user as committer. Otherwise it is Bot, or GitHub's when Bot has no name.
	UserCommits bool
	Bot         object.Signature
	// KeepPulls: a pull request stays open though its branch was deleted or has
	// nothing new any more.
	KeepPulls bool
	// ClosesWithBranch: with KeepPulls, it closes all the same when its branch is
	// deleted.
	ClosesWithBranch bool
	// NoArrivals: commits that reach the base some other way don't merge it.
	NoArrivals bool
	// LooseLabels: labels may be long, and share a name.
	LooseLabels bool
	// EmptyPulls: a pull request needs no commits.
	EmptyPulls bool
	// Scopes are those of a token that was given none.
	Scopes []string
	// NoReply is the domain of the address of a user who has none.
	NoReply string
	// Limit is how many requests a user has in a Window; default 5,000 an hour.
	Limit  int
	Window time.Duration
}

// Adopt makes the Host behave as one kind of host. Fakes call it when they are
// made; Reset keeps it.
func (h *Host) Adopt(b Habits) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.habits = b
	h.settings.HourlyLimit = h.limitPerWindow()
	if !b.NoLabels {
		return
	}
	for _, r := range h.repos {
		r.labels = slices.DeleteFunc(r.labels, func(l *Label) bool { return l.Default })
	}
}

func (h *Host) limitPerWindow() int {
	if h.habits.Limit > 0 {
		return h.habits.Limit
	}
	return 5000
}

func (h *Host) window() time.Duration {
	if h.habits.Window > 0 {
		return h.habits.Window
	}
	return time.Hour
}

// noReply is the address of a user who has none.
func (h *Host) noReply(u User) string {
	if h.habits.NoReply == "" {
		return fmt.Sprintf("%d+%s@users.noreply.github.com", u.ID, u.Login)
	}
	return fmt.Sprintf("%d-%s@%s", u.ID, u.Login, h.habits.NoReply)
}

// committer is who commits what the host does for a user.
func (h *Host) committer(by object.Signature) object.Signature {
	switch {
	case h.habits.UserCommits:
		return by
	case h.habits.Bot.Name != "":
		return object.Signature{Name: h.habits.Bot.Name, Email: h.habits.Bot.Email, When: by.When}
	}
	return object.Signature{Name: "GitHub", Email: "noreply@github.com", When: by.When}
}
