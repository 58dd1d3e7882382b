package forge_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/testrepo"
	"mooring/backends/testrepo/forge"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conform(t, func(v *forge.View) driver.Driver { return v })
}

func TestConformance_Rebasing(t *testing.T) {
	t.Parallel()
	conform(t, func(v *forge.View) driver.Driver { return forge.Rebasing{View: v} })
}

func conform(t *testing.T, as func(*forge.View) driver.Driver) {
	drivertest.Run(t, drivertest.Harness{
		Open: func(_ *testing.T, files map[string]drivertest.File) drivertest.Opened {
			o := testrepo.Options{Files: map[string][]byte{}, Modes: map[string]driver.Mode{}}
			for path, f := range files {
				o.Files[path] = f.Data
				if f.Mode != 0 {
					o.Modes[path] = f.Mode
				}
			}
			f := forge.Open(o)
			return drivertest.Opened{
				Driver: as(f.As("octocat", true)), Branch: "main", Contributor: f.As("jane", false),
				Protect: f.Protect, LoseAnswer: f.LoseAnswer, RefuseMerge: func(number int) string {
					f.RefuseMerge(number, "A review is missing.")
					return "a review"
				},
			}
		},
	})
}
