package bitbucket_test

import (
	"testing"

	"mooring/backends/bitbucket"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
)

func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, serve seeded) {
		drivertest.Run(t, drivertest.Harness{
			Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
				s := serve(t, files)
				return drivertest.Opened{
					Driver: s.signedIn("octo-token"), Branch: "main", OneLabel: true,
					LoseAnswer: s.LoseAnswer, RefuseMerge: s.wantBuild, Protect: s.Protect, BreakLFS: s.BreakLFS,
				}
			},
			Nobody: func(t *testing.T) driver.Driver { return serve(t, nil).signedIn("nobody-token") },
			Missing: func(t *testing.T) driver.Driver {
				return serve(t, nil).open("octo-token", bitbucket.Config{Repo: "octo/none"})
			},
		})
	})
}

// seeded makes a site with files.
type seeded func(*testing.T, map[string]drivertest.File) *site

// each runs with what a program sees of Bitbucket's answers, and with what a page sees.
func each(t *testing.T, run func(t *testing.T, serve seeded)) {
	t.Parallel()
	t.Run("Program", func(t *testing.T) {
		t.Parallel()
		run(t, serve)
	})
	t.Run("Page", func(t *testing.T) {
		t.Parallel()
		run(t, func(t *testing.T, files map[string]drivertest.File) *site {
			s := serve(t, files)
			s.asBrowser()
			return s
		})
	})
}

// wantBuild refuses every merge, and answers the words that Bitbucket has for it.
func (s *site) wantBuild(int) string {
	s.Repo.Protect("main", &fakehost.Protection{RequiredChecks: []string{"build"}, EnforceAdmins: true})
	return "merge checks"
}
