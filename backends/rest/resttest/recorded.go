package resttest

import (
	"strings"

	"mooring/backends/fakehost/recorded"
	"mooring/backends/rest"
)

// Answer is what the host answered to a recorded call.
func Answer(c recorded.Call) *rest.Response {
	header := rest.Header{}
	for name, value := range c.Headers {
		header[strings.ToLower(name)] = value
	}
	return &rest.Response{Status: c.Status, Header: header, Body: c.Response}
}
