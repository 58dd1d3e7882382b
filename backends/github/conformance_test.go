package github_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/github"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]github.Config{
		"GraphQL": {Repo: "octo/site"},
		"REST":    {Repo: "octo/site", NoGraphQL: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drivertest.Run(t, drivertest.Harness{
				Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
					return drivertest.Opened{Driver: serve(t, files).open("ghp_octo", cfg), Branch: "main"}
				},
				Nobody: func(t *testing.T) driver.Driver { return serve(t, nil).open("ghp_nobody", cfg) },
				Missing: func(t *testing.T) driver.Driver {
					return serve(t, nil).open("ghp_octo", github.Config{Repo: "octo/none", NoGraphQL: cfg.NoGraphQL})
				},
			})
		})
	}
}
