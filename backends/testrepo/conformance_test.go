package testrepo

import (
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, drivertest.Harness{
		Open: func(_ *testing.T, files map[string]drivertest.File) drivertest.Opened {
			o := Options{Files: map[string][]byte{}, Modes: map[string]driver.Mode{}}
			for path, f := range files {
				o.Files[path] = f.Data
				if f.Mode != 0 {
					o.Modes[path] = f.Mode
				}
			}
			return drivertest.Opened{Driver: Open(o), Branch: "main"}
		},
	})
}
