// Package nethttp is the rest.Doer of native programs: tests and tools. The
// browser and the Worker use wasm/jsfetch instead.
package nethttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// DefaultTimeout is how long one request may take, answer included.
const DefaultTimeout = 60 * time.Second

const maxRedirects = 10

// Client is a rest.Doer over net/http. It is safe for concurrent use.
type Client struct{ http *http.Client }

var _ rest.Doer = (*Client)(nil)

// New makes a Client that gives a request at most timeout; 0 is DefaultTimeout.
func New(timeout time.Duration) *Client {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	return &Client{http: &http.Client{
		Timeout: timeout, Transport: transport, CheckRedirect: sameOrigin,
	}}
}

// Close gives up idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do implements rest.Doer. A redirect to another origin is not followed: its 3xx
// answer is returned as it is, so that no credential travels on.
func (c *Client) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	body, err := reader(ctx, req)
	if err != nil {
		return nil, err
	}
	out, err := http.NewRequestWithContext(ctx, req.Method, req.URL, body)
	if err != nil {
		return nil, cmserr.Wrap(cmserr.Invalid, cause(err),
			"This is not a usable address: "+rest.Origin(req.URL)+". Check the backend's configuration.")
	}
	for name, value := range req.Header {
		out.Header.Set(name, value)
	}
	answer, err := c.http.Do(out)
	if err != nil {
		return nil, failed(ctx, err, "No answer came from "+rest.Origin(req.URL)+
			". Check that it is running and can be reached from here, then try again.")
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, failed(ctx, err, "The answer of "+rest.Origin(req.URL)+
			" broke off half-way. Check the connection, then try again.")
	}
	return &rest.Response{Status: answer.StatusCode, Header: header(answer.Header), Body: data}, nil
}

// reader is the body. For a bytes.Reader net/http sets GetBody, so a 307 repeats it.
func reader(ctx context.Context, req *rest.Request) (io.Reader, error) {
	data := req.Body
	if req.Content != nil {
		var err error
		if data, err = req.Content.Bytes(ctx); err != nil {
			return nil, err
		}
	}
	if data == nil {
		return nil, nil
	}
	return bytes.NewReader(data), nil
}

// failed tells a caller who gave up from a host that fell silent.
func failed(ctx context.Context, err error, msg string) error {
	if ctx.Err() != nil {
		return cmserr.Wrap(cmserr.Canceled, ctx.Err(), "The request was cancelled.")
	}
	return cmserr.Wrap(cmserr.Network, cause(err), msg)
}

// cause takes the URL off an error: its path or query may hold a secret.
func cause(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

func header(h http.Header) rest.Header {
	out := make(rest.Header, len(h))
	for name, values := range h {
		out[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return out
}

func sameOrigin(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Scheme != first.Scheme || req.URL.Host != first.Host || len(via) >= maxRedirects {
		return http.ErrUseLastResponse
	}
	return nil
}
