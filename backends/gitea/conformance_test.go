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
					LoseAnswer: s.LoseAnswer, RefuseMerge: s.wantReview, Protect: s.Protect,
				}
			},
			Nobody:  func(t *testing.T) driver.Driver { return serve(t, server, nil).open("nobody", "octo/site") },
			Missing: func(t *testing.T) driver.Driver { return serve(t, server, nil).open("token-of-octo", "octo/none") },
		})
	})
}

// wantReview refuses every merge, and answers the word that the server gives for it.
func (s *site) wantReview(int) string {
	s.Repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	return "approvals"
}
