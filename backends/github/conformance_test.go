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
				s.Host.Set(func(o *fakehost.Settings) { o.TreeLimit = 1000 }) // longer listings are truncated
				return drivertest.Opened{
					Driver: s.open("ghp_octo", cfg), Branch: "main", Contributor: s.contributor(cfg),
					LoseAnswer: s.LoseAnswer, RefuseMerge: s.wantReview, BreakLFS: s.BreakLFS,
				}
			},
			Nobody: func(t *testing.T) driver.Driver { return serve(t, nil).open("ghp_nobody", cfg) },
			Missing: func(t *testing.T) driver.Driver {
				return serve(t, nil).open("ghp_octo", github.Config{Repo: "octo/none", NoGraphQL: cfg.NoGraphQL})
			},
		})
	})
}

// wantReview refuses every merge, and answers the word that GitHub gives for it.
func (s *site) wantReview(int) string {
	s.Repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
	return "review"
}
