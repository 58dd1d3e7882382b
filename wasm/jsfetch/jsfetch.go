//go:build js && wasm

// Package jsfetch is a rest.Doer over fetch, for the browser, Node and workerd.
package jsfetch

import (
	"context"
	"errors"
	"time"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/wasm/bridge"
)

// Silence is how long a host may send nothing before the request is given up. It
// is no limit on the whole: a slow line that keeps sending is left alone.
const Silence = 60 * time.Second

// slowest is the slowest line on which a file can be sent, in bytes a second: fetch does
// not tell how much of a request has gone, and the host says nothing before it has all.
const slowest = 16 << 10

// toSend is how long a request may take to be sent.
func toSend(req *rest.Request) time.Duration {
	size := int64(len(req.Body))
	if req.Content != nil {
		size = req.Content.Size()
	}
	return time.Duration(size/slowest) * time.Second
}

// Client carries requests with a fetch function.
type Client struct {
	fetch   safejs.Value
	silence time.Duration
}

// New makes a Client of a fetch function.
func New(fetch safejs.Value) *Client { return &Client{fetch: fetch, silence: Silence} }

// Do implements rest.Doer.
func (c *Client) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	watch, ctx := startWatch(ctx, c.silence, toSend(req))
	defer watch.stop()
	controller, err := newAbortController()
	if err != nil {
		return nil, c.failure(watch, req, err)
	}
	// However this ends, nothing goes on behind it; after a whole answer it is a no-op.
	defer func() { _, _ = controller.Call("abort") }()
	init, err := requestInit(ctx, req, controller)
	if err != nil {
		return nil, c.failure(watch, req, err)
	}
	promise, err := c.fetch.Invoke(req.URL, init)
	if err != nil {
		return nil, c.failure(watch, req, err)
	}
	answer, err := bridge.Await(ctx, promise)
	if err != nil {
		return nil, c.failure(watch, req, err)
	}
	watch.heard()
	res, err := readResponse(ctx, req, answer, watch)
	if err != nil {
		return nil, c.failure(watch, req, err)
	}
	return res, nil
}

func newAbortController() (safejs.Value, error) {
	class, err := safejs.Global().Get("AbortController")
	if err != nil {
		return safejs.Undefined(), err
	}
	return class.New()
}

func requestInit(ctx context.Context, req *rest.Request, controller safejs.Value) (safejs.Value, error) {
	headers := make(map[string]any, len(req.Header))
	for name, value := range req.Header {
		headers[name] = value
	}
	signal, err := controller.Get("signal")
	if err != nil {
		return signal, err
	}
	init := map[string]any{
		"method": req.Method, "headers": headers, "signal": signal,
		// Nothing but what a backend puts in a header identifies the user.
		"credentials": "omit",
		"cache":       cacheMode(req),
	}
	switch {
	case req.Content != nil:
		init["body"], err = bridge.JSContent(ctx, req.Content)
	case req.Body != nil:
		init["body"], err = bridge.Uint8Array(req.Body)
	}
	if err != nil {
		return safejs.Undefined(), err
	}
	return bridge.Object(init)
}

// cacheMode keeps the browser's cache out of reads: hosts let a browser keep answers
// for a minute (GitHub: max-age=60, branch heads included), which would show a state
// from before the last save. Reads that the host has validated, and other methods, of
// which browsers keep no answers, are left alone: Chromium remembers a preflight only
// for requests that may use its cache.
func cacheMode(req *rest.Request) string {
	if (req.Method == "GET" || req.Method == "HEAD") && !req.Validated {
		return "no-store"
	}
	return "default"
}

// failure says in words what fetch only calls "Failed to fetch".
func (c *Client) failure(w *watch, req *rest.Request, err error) error {
	origin := rest.Origin(req.URL)
	switch {
	case w.silent():
		return cmserr.Wrap(cmserr.Network, err, origin+" sent nothing for "+
			w.limit.String()+". Check the connection and try again.")
	case errors.Is(err, context.Canceled), w.parent.Err() != nil:
		return cmserr.Wrap(cmserr.Canceled, err, "The request to "+origin+" was cancelled.")
	}
	return cmserr.Wrap(cmserr.Network, err, "No whole answer came from "+origin+
		". Check the connection, that the server is running, and that it allows requests from this page (CORS).")
}
