// Package fakehost is the model that the fake Git hosts share: users, tokens,
// repositories over real Git objects, pull requests, faults. A host's fake
// (package fakegithub and its like) is an http.Handler over a Host.
//
// A fake knows nothing of the code that it tests: the two must not share a
// misreading.
//
// Everything is safe for concurrent use. What methods return are copies:
// changing them changes nothing in the Host.
package fakehost

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Options are the settings of a Host. The zero value will do.
type Options struct {
	Now   func() time.Time                                // default time.Now
	Sleep func(ctx context.Context, d time.Duration) bool // waits for d, false when ctx ended; default a timer
}

// Host is one fake server: everything that it knows.
type Host struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) bool

	mu          sync.Mutex // guards all below, and all repositories but their objects
	habits      Habits
	lastID      int64
	users       map[string]*User // by lower-case login
	tokens      map[string]*Token
	revoked     map[string]bool
	members     map[string]map[string]Permission // by lower-case group, then login
	groupLabels map[string][]*Label              // by lower-case group
	repos       map[string]*Repository           // by lower-case owner/name
	renamed     map[string]*Repository           // old lower-case owner/name
	settings    Settings
	faults      []*Rule
	requests    []*Request
	journal     *journal
	limits      map[limitKey]*limit
}

// Settings are what a test may turn while the Host runs.
type Settings struct {
	Latency   time.Duration // added to each request
	TreeLimit int           // most entries of a recursive tree before it is truncated; default 100,000
	ForkPolls int           // how often a new fork is still missing when a client asks for it
	// MergeabilityPolls is how often a pull request that was pushed to is said
	// to be of unknown mergeability.
	MergeabilityPolls int
	HourlyLimit       int // requests per user and hour, or whatever time the host counts in; default 5,000
	// MaxBlobs is how many blobs' text a GraphQL query may ask for before the host
	// gives up with 502; 0 is any number.
	MaxBlobs  int
	LFSUsable bool // whether browsers may call the LFS endpoint (CORS)
	LFS       LFSTrouble
	// BlobLimit is the size in bytes from which Gitea's blobs have no content, and
	// ResponseLimit how much its file-contents answers; 0 is Gitea's default.
	BlobLimit, ResponseLimit int

	NoTotals   bool // lists don't say how long they are, as GitLab's don't from 10,000 items
	HeadLag    int  // how many readers of a pull request that was pushed to still see its old head
	RebasePoll int  // how often a rebase is still under way when a client asks for it
	// MergePolls is how often Bitbucket says that a merge is still under way, which
	// it would otherwise have answered at once.
	MergePolls int
	// MaxComplexity is the most complexity of a GraphQL query; 0 is the host's
	// own limit.
	MaxComplexity int
}

// New makes a Host without users and repositories.
func New(o Options) *Host {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	h := &Host{now: o.Now, sleep: o.Sleep}
	h.Reset()
	return h
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Reset forgets everything: users, repositories, faults, settings, requests. What
// kind of host it is stays.
func (h *Host) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastID = 0
	h.users = map[string]*User{}
	h.tokens = map[string]*Token{}
	h.revoked = map[string]bool{}
	h.members = map[string]map[string]Permission{}
	h.groupLabels = map[string][]*Label{}
	h.repos = map[string]*Repository{}
	h.renamed = map[string]*Repository{}
	h.settings = Settings{TreeLimit: 100_000, HourlyLimit: h.limitPerWindow()}
	h.faults, h.requests, h.journal = nil, nil, nil
	h.limits = map[limitKey]*limit{}
}

// Set changes settings.
func (h *Host) Set(change func(*Settings)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.settings)
}

// Settings are the present settings.
func (h *Host) Settings() Settings {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.settings
}

// Now is the Host's time in whole seconds, as Git and the APIs have it.
func (h *Host) Now() time.Time { return h.now().UTC().Truncate(time.Second) }

// nextID numbers everything that the Host makes. The caller holds h.mu.
func (h *Host) nextID() int64 {
	h.lastID++
	return h.lastID
}

func key(owner, name string) string { return strings.ToLower(owner + "/" + name) }
