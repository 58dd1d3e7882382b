// Package rest is how a host is spoken to: requests, responses, and the Doer that
// carries them. It has no net/http, which would add 1.4 MB of brotli to the
// browser module; package nethttp and wasm/jsfetch are its two Doers.
//
// A host speaks through an API, over ETags, over the Governor that all its callers
// share, over one of those Doers.
package rest

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/content"
)

// Request is one HTTP request. URL is absolute and escaped. The fields below Refer
// are for the Doers that decorate another one: see Governor and ETags.
type Request struct {
	Method string
	URL    string
	Header Header
	Body   []byte // nil: none
	// Content is a body that need not be in memory, in the place of Body.
	Content content.Content
	// Refer asks for the body of a 2xx answer by reference, where the platform can: see
	// Response.Whole.
	Refer bool

	// Repeatable says that sending the request twice does no more than sending it
	// once, though its method is neither GET nor HEAD: a GraphQL query, a blob.
	// Without it a request whose answer was lost is not sent again.
	Repeatable bool
	// Halves says that the caller asks for less after a 502 or a 504, as Batches
	// does: those answers come back at once instead of being tried again.
	Halves bool
	// Conditional lets ETags remember the answer, to be confirmed next time. It is
	// for small answers that are asked for often.
	Conditional bool
	// Validated says that the host lets no browser give the answer again without
	// asking it first (Cache-Control: max-age=0). The browser's cache may then carry
	// the request, which spares it the question whether a page may ask at all: browsers
	// remember a CORS preflight for nothing that must pass their caches by.
	Validated bool
}

// Response is one HTTP answer, whatever its status, with its whole body. It may
// be shared: whoever gets one leaves it unchanged.
type Response struct {
	Status int
	Header Header
	Body   []byte
	// Content is the body of an answer to a request with Refer, in the place of Body.
	Content content.Content
}

// Whole is the body, wherever it lies.
func (r *Response) Whole() content.Content {
	if r.Content != nil {
		return r.Content
	}
	return content.Bytes(r.Body)
}

// OK says whether the status is 2xx.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Header holds header fields under lower-case names.
type Header map[string]string

// Get finds a field, whatever the case of name.
func (h Header) Get(name string) string { return h[strings.ToLower(name)] }

// Doer carries a request to its host. It returns an error only if there was no
// whole answer: Network when the host could not be reached, fell silent or broke
// off, Canceled when ctx ended. It neither retries nor follows redirects to
// another origin with credentials.
type Doer interface {
	Do(ctx context.Context, req *Request) (*Response, error)
}

// KindOf is what an HTTP status means where a host does not mean something else.
func KindOf(status int) cmserr.Kind {
	switch {
	case status == 401:
		return cmserr.Unauthenticated
	case status == 403:
		return cmserr.Forbidden
	case status == 404 || status == 410:
		return cmserr.NotFound
	case status == 409 || status == 412:
		return cmserr.Conflict
	case status == 429:
		return cmserr.RateLimited
	case status == 400 || status == 413 || status == 415 || status == 422:
		return cmserr.Invalid
	case status == 405 || status == 501:
		return cmserr.Unsupported
	case status == 502 || status == 503 || status == 504:
		return cmserr.Network
	}
	return cmserr.Unknown
}

// Origin is the scheme and host of a URL, for messages: a path or query may hold
// what should not be shown.
func Origin(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	// A browser takes a backslash for a slash, so it ends the host too.
	host := rest
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		host = rest[:end]
	}
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return scheme + "://" + host
}
