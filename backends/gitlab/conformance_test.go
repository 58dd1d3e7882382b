package gitlab_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		drivertest.Run(t, drivertest.Harness{
			Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
				s := serve(t, files)
				return drivertest.Opened{
					Driver: s.open("glpat-octo", cfg), Branch: "main",
					LoseAnswer: s.LoseAnswer, RefuseMerge: s.wantPipeline, Protect: s.Protect,
				}
			},
			Nobody: func(t *testing.T) driver.Driver { return serve(t, nil).open("glpat-nobody", cfg) },
			Missing: func(t *testing.T) driver.Driver {
				return serve(t, nil).open("glpat-octo", gitlab.Config{Repo: "octo/none", NoGraphQL: cfg.NoGraphQL})
			},
		})
	})
}

// ways are the two ways to read: with GraphQL, and over REST alone.
var ways = map[string]gitlab.Config{
	"GraphQL": {Repo: "octo/site"},
	"REST":    {Repo: "octo/site", NoGraphQL: true},
}

func each(t *testing.T, run func(t *testing.T, cfg gitlab.Config)) {
	t.Parallel()
	for name, cfg := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, cfg)
		})
	}
}

// wantPipeline refuses every merge, and answers the word that GitLab gives for it.
func (s *site) wantPipeline(int) string {
	s.Repo.Edit(func(i *fakehost.Info) { i.MustPass = true })
	return "pipeline"
}
