// Package proxy edits a repository on this machine through a local proxy server:
// @staticcms/proxy-server or decap-server, in either of their modes. Their
// protocol already speaks the CMS's language, so a Client is a cms.Service and a
// cms.Workflow of its own and needs no driver.
//
// The two servers differ in small ways. A Client tells them apart by their
// answers, never by configuration.
package proxy

import (
	"context"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// host is this backend's name in errors.
const host = "proxy"

// Options say which server to speak to, and what about.
type Options struct {
	URL            string      // backend.proxy_url, e.g. http://localhost:8081/api/v1
	Branch         string      // "" is main; servers in fs mode ignore it
	MediaFolder    string      // listed when a MediaQuery names no folder
	PublicFolder   string      // the public path of MediaFolder
	CMSLabelPrefix string      // before a draft's status in the repository; "" leaves it to the server
	UseWorkflow    bool        // sign-in then demands a server that has the editorial workflow
	Report         func(error) // is told what was survived; may be nil
}

// Client speaks to one proxy server. All methods may be called concurrently; it
// sends one request at a time, because a server in git mode checks a branch out
// for each and gives up on those that wait more than three seconds.
type Client struct {
	o    Options
	doer rest.Doer
	turn chan struct{} // holds a value while an operation is under way

	// What follows belongs to whoever has the turn.
	listings map[listingKey][]cms.Entry
	notes    map[noteKey]*note
	sleep    func(ctx context.Context, d time.Duration) error
}

var (
	_ cms.Service  = (*Client)(nil)
	_ cms.Workflow = (*Client)(nil)
)

// Open makes a Client. It sends nothing yet. A missing URL is an Invalid error.
func Open(o Options, doer rest.Doer) (*Client, error) {
	if o.URL == "" {
		return nil, &cmserr.Error{Host: host, Kind: cmserr.Invalid, Msg: "The proxy backend needs " +
			"backend.proxy_url in the CMS configuration, for example http://localhost:8081/api/v1."}
	}
	if o.Branch == "" {
		o.Branch = "main"
	}
	return &Client{
		o: o, doer: doer, turn: make(chan struct{}, 1), sleep: rest.RealClock().Sleep,
		listings: map[listingKey][]cms.Entry{}, notes: map[noteKey]*note{},
	}, nil
}

// do runs one operation when its turn has come, and names op and path in its error.
func (c *Client) do(ctx context.Context, op, path string, f func() error) error {
	if err := ctx.Err(); err != nil {
		return cmserr.At(err, op, host, path)
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return cmserr.At(ctx.Err(), op, host, path)
	}
	defer func() { <-c.turn }()
	return cmserr.At(f(), op, host, path)
}

func (c *Client) report(err error) {
	if c.o.Report != nil {
		c.o.Report(err)
	}
}
