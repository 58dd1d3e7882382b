package fakebitbucket

import "mooring/backends/fakehost"

// Open makes a Server, as fakegithub.Open does for GitHub. All that Bitbucket's
// needs is part of it.
func Open(h *fakehost.Host, o Options) (*Server, error) {
	return New(h, o), nil
}
