package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

// Backend is what the CMS talks to, whatever the host. It checks every input
// once, does one write at a time, and names operation, host and path in every
// error, so that what stands behind it need not.
type Backend struct {
	host    string
	cfg     Config
	svc     cms.Service
	session *session
	writes  chan struct{} // holds one token while a write is under way
}

func newBackend(host string, cfg Config, svc cms.Service, s *session) *Backend {
	return &Backend{host: host, cfg: cfg, svc: svc, session: s, writes: make(chan struct{}, 1)}
}

// at names the call in err.
func (b *Backend) at(err error, op, path string) error {
	return cmserr.At(err, op, b.host, path)
}

// write runs fn when no other write runs. It waits as long as ctx lets it: a save
// that gives up by itself is a save that is lost.
func (b *Backend) write(ctx context.Context, fn func() error) error {
	select {
	case b.writes <- struct{}{}:
		defer func() { <-b.writes }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn()
}

// DeleteFiles implements cms.Service.
func (b *Backend) DeleteFiles(ctx context.Context, paths []string, message string) error {
	const op = "deleteFiles"
	if len(paths) == 0 {
		return b.at(invalid(op, "paths", "name at least one file"), op, "")
	}
	clean := make([]string, 0, len(paths))
	seen := map[string]bool{}
	for _, p := range paths {
		c, err := cleanPath(op, "paths", p)
		if err != nil {
			return b.at(err, op, p)
		}
		if !seen[c] {
			seen[c] = true
			clean = append(clean, c)
		}
	}
	err := b.write(ctx, func() error { return b.svc.DeleteFiles(ctx, clean, message) })
	return b.at(err, op, clean[0])
}

// Status implements cms.Service.
func (b *Backend) Status(ctx context.Context) (cms.Status, error) {
	s, err := b.svc.Status(ctx)
	return s, b.at(err, "status", "")
}
