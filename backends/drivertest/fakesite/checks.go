package fakesite

import (
	"strings"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
)

// edit is a commit of a.md on main, on top of a head.
func edit(head, text string) driver.Commit {
	return driver.Commit{Branch: "main", ExpectedHead: head, Message: "Edit", Changes: []driver.Change{Put("a.md", text)}}
}

// CheckStaleHead: right after a write a driver knows the head, though the host tells an
// older one. The site has a.md.
func (s *Site) CheckStaleHead(d driver.Driver) {
	s.T.Helper()
	before := s.Head("main")
	s.Host.Fault(fakehost.Rule{Effect: fakehost.Effect{StaleReads: 2}})
	if _, err := d.Commit(s.T.Context(), edit(before, "b")); err != nil {
		s.T.Fatal(err)
	}
	if head, err := d.Head(s.T.Context(), "main"); err != nil || head == before || head != s.Head("main") {
		s.T.Errorf("%s, %v, want %s", head, err, s.Head("main"))
	}
}

// CheckSameChange: a commit that only looks like the driver's, after another change of the
// same file, is somebody else's. The site has a.md.
func (s *Site) CheckSameChange(d driver.Driver) {
	s.T.Helper()
	seen := s.Head("main")
	for _, text := range []string{"theirs", "b"} {
		s.Push("main", "Edit", fakehost.Change{Path: "a.md", Content: []byte(text)})
	}
	if _, err := d.Commit(s.T.Context(), edit(seen, "b")); !cmserr.Is(err, cmserr.Conflict) || s.Commits("main") != 2 {
		s.T.Errorf("%v, %d commits", err, s.Commits("main"))
	}
}

// CheckRateLimit: a short wait is waited for, and of a long one the driver says until when.
func (s *Site) CheckRateLimit(d driver.Driver) {
	s.T.Helper()
	s.Host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{Status: 429, RetryAfter: time.Second}})
	if _, err := d.Head(s.T.Context(), "main"); err != nil {
		s.T.Errorf("a short wait: %v", err)
	}
	s.Host.Fault(fakehost.Rule{Effect: fakehost.Effect{PrimaryLimit: time.Hour}})
	_, err := d.Head(s.T.Context(), "main")
	e := cmserr.From(err)
	if e.Kind != cmserr.RateLimited || e.RetryAfter < 50*time.Minute || !strings.Contains(e.Msg, "UTC") {
		s.T.Errorf("%+v", e)
	}
}
