package github_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		drivertest.Run(t, drivertest.Harness{
			Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
				s := serve(t, files)
				s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 1000 }) // longer listings are truncated
				return drivertest.Opened{
					Driver: s.open("ghp_octo", cfg), Branch: "main", Contributor: s.contributor(cfg),
					LoseAnswer: s.loseAnswer, RefuseMerge: s.wantReview, BreakLFS: s.breakLFS,
				}
			},
			Nobody: func(t *testing.T) driver.Driver { return serve(t, nil).open("ghp_nobody", cfg) },
			Missing: func(t *testing.T) driver.Driver {
				return serve(t, nil).open("ghp_octo", github.Config{Repo: "octo/none", NoGraphQL: cfg.NoGraphQL})
			},
		})
	})
}

// loseAnswer loses the answer to the nth request from now; 0 loses none.
func (s *site) loseAnswer(n int) {
	s.host.ClearFaults()
	if n > 0 {
		s.host.Fault(fakehost.Rule{Skip: n - 1, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	}
}

// wantReview refuses every merge, and answers the word that GitHub gives for it.
func (s *site) wantReview(int) string {
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	return "review"
}

// breakLFS has the store of large files fail.
func (s *site) breakLFS(how drivertest.LFSFailure) {
	s.host.Set(func(o *fakehost.Settings) {
		o.LFS = fakehost.LFSTrouble{Lose: how == drivertest.LFSLoses, Corrupt: how == drivertest.LFSDamages}
		if how == drivertest.LFSRefuses {
			o.LFS.Refuse = 500
		}
	})
}
