// Package resttest is what the tests of all hosts stand between a driver and its host.
package resttest

import (
	"context"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// Hurried is a clock by which pauses are a hundred times shorter.
type Hurried struct{}

// Now implements rest.Clock.
func (Hurried) Now() time.Time { return time.Now() }

// Sleep implements rest.Clock.
func (Hurried) Sleep(ctx context.Context, d time.Duration) error {
	return rest.RealClock().Sleep(ctx, d/100)
}

// Browser is a Doer that sends a request again by itself when its connection ends
// without an answer, as Chromium does on a connection that was used before, even for
// POST.
type Browser struct{ rest.Doer }

// Do implements rest.Doer.
func (b Browser) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := b.Doer.Do(ctx, req)
	if cmserr.Is(err, cmserr.Network) {
		return b.Doer.Do(ctx, req)
	}
	return res, err
}

// Page is a Doer that shows of an answer's header only what the host lets a page see.
type Page struct {
	rest.Doer
	Exposed []string // names of fields, in lower case
}

// Do implements rest.Doer.
func (p Page) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := p.Doer.Do(ctx, req)
	if err != nil || res.Status/100 == 3 { // browsers follow redirects by themselves
		return res, err
	}
	shown := *res
	shown.Header = rest.Header{}
	for _, name := range p.Exposed {
		if value, ok := res.Header[name]; ok {
			shown.Header[name] = value
		}
	}
	return &shown, nil
}
