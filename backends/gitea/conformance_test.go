package gitea_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
)

func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		drivertest.Run(t, drivertest.Harness{
			Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
				s := serve(t, server, files)
				return drivertest.Opened{
					Driver: s.signedIn(), Branch: "main",
					LoseAnswer: s.loseAnswer, RefuseMerge: s.wantReview, Protect: s.protect,
				}
			},
			Nobody:  func(t *testing.T) driver.Driver { return serve(t, server, nil).open("nobody", "octo/site") },
			Missing: func(t *testing.T) driver.Driver { return serve(t, server, nil).open("token-of-octo", "octo/none") },
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

// wantReview refuses every merge, and answers the word that the server gives for it.
func (s *site) wantReview(int) string {
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	return "approvals"
}

func (s *site) protect(branch string) {
	s.repo.Protect(branch, &fakehost.Protection{RestrictPushes: true, EnforceAdmins: true})
}
