package gitgateway_test

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost/fakegateway"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for provider := range providers {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			drivertest.Run(t, drivertest.Harness{
				Open: func(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
					s := serve(t, provider, files)
					s.gateway.Set(func(o *fakegateway.Settings) { o.Edge = true })
					return drivertest.Opened{
						Driver: s.signedIn(), Branch: "main", LoseAnswer: s.LoseAnswer, OneLabel: provider == "bitbucket",
					}
				},
				Nobody:          func(t *testing.T) driver.Driver { s := serve(t, provider, nil); return s.open(&session{}, s.config()) },
				NoDefaultBranch: true,
				OneAccount:      true,
			})
		})
	}
}
