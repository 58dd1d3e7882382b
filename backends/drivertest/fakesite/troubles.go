package fakesite

import (
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// LoseAnswer loses the answer to the nth request from now; 0 loses none.
func (s *Site) LoseAnswer(n int) {
	s.Host.ClearFaults()
	if n > 0 {
		s.Host.Fault(fakehost.Rule{Skip: n - 1, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	}
}

// Resend has the next request of that kind done twice, and its first answer lost, as
// browsers have it that send again by themselves.
func (s *Site) Resend(method, path string) {
	s.Wrap = func(d rest.Doer) rest.Doer { return resttest.Browser{Doer: d} }
	s.Host.Fault(fakehost.Rule{Method: method, Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
}

// Protect lets nobody push to a branch.
func (s *Site) Protect(branch string) {
	s.Repo.Protect(branch, &fakehost.Protection{RestrictPushes: true, EnforceAdmins: true})
}

// BreakLFS has the store of large files fail.
func (s *Site) BreakLFS(how drivertest.LFSFailure) {
	s.Host.Set(func(o *fakehost.Settings) {
		o.LFS = fakehost.LFSTrouble{Lose: how == drivertest.LFSLoses, Corrupt: how == drivertest.LFSDamages}
		if how == drivertest.LFSRefuses {
			o.LFS.Refuse = 500
		}
	})
}
