package rest

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// API speaks to one host in JSON. Its paths begin with a slash and are escaped: see
// Path and Query.
type API struct {
	Root string // absolute URL that paths are appended to, e.g. "https://api.github.com"
	Doer Doer
	// Header gives the fields of every request, the credential among them. nil: none.
	Header func(ctx context.Context) (Header, error)
	// Fail is the error that an answer other than 2xx means. nil: KindOf its status.
	Fail func(*Response) error
	// Rewrite maps the URL of a next page: see Pager. nil leaves it.
	Rewrite func(url string) string
	// PageSize is Pager.Size.
	PageSize string
}

// Option sets something of a request that is not there in most.
type Option func(*Request)

// Repeatable is Request.Repeatable.
func Repeatable(r *Request) { r.Repeatable = true }

// Halves is Request.Halves.
func Halves(r *Request) { r.Halves = true }

// Conditional is Request.Conditional.
func Conditional(r *Request) { r.Conditional = true }

// Validated is Request.Validated.
func Validated(r *Request) { r.Validated = true }

// Accept asks for a media type.
func Accept(mediaType string) Option {
	return func(r *Request) { *r = *withHeader(r, "accept", mediaType) }
}

// Get reads JSON. An empty answer is an error.
func (a *API) Get(ctx context.Context, path string, options ...Option) (gjson.Result, error) {
	res, err := a.Do(ctx, newRequest("GET", path, options))
	if err != nil {
		return gjson.Result{}, err
	}
	return a.parse(res)
}

// Send sends JSON, nil for none, and answers the JSON that comes back: a Result
// that doesn't exist if the answer is empty.
func (a *API) Send(ctx context.Context, method, path string, body *JSON, options ...Option) (gjson.Result, error) {
	req := newRequest(method, path, options)
	if body != nil {
		req.Body = body.Bytes()
	}
	res, err := a.Do(ctx, req)
	if err != nil || firstByte(res.Body) == 0 {
		return gjson.Result{}, err
	}
	return a.parse(res)
}

// Pages reads a list of many pages as JSON: see Pager.Pages.
func (a *API) Pages(ctx context.Context, path string, options ...Option) iter.Seq2[gjson.Result, error] {
	pager := Pager{Rewrite: a.Rewrite, Size: a.PageSize, Get: func(ctx context.Context, url string) (*Response, error) {
		return a.Do(ctx, newRequest("GET", url, options))
	}}
	return func(yield func(gjson.Result, error) bool) {
		for res, err := range pager.Pages(ctx, a.url(path)) {
			var page gjson.Result
			if err == nil {
				page, err = a.parse(res)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// Do sends a request and answers a 2xx whatever its body. The request's URL is a
// path, or absolute and at Root's origin; its header overrules that of the API.
func (a *API) Do(ctx context.Context, req *Request) (*Response, error) {
	out := *req
	out.URL = a.url(req.URL)
	if !sameOrigin(out.URL, a.Root) {
		return nil, cmserr.New(cmserr.Internal, "A request to "+Origin(out.URL)+
			" would have taken along the credentials for "+Origin(a.Root)+".")
	}
	header, err := a.header(ctx, req)
	if err != nil {
		return nil, err
	}
	out.Header = header
	res, err := a.Doer.Do(ctx, &out)
	if err != nil {
		return nil, err
	}
	if !res.OK() {
		return nil, a.fail(res)
	}
	return res, nil
}

func newRequest(method, url string, options []Option) *Request {
	req := &Request{Method: method, URL: url}
	for _, set := range options {
		set(req)
	}
	return req
}

func (a *API) url(path string) string {
	if strings.HasPrefix(path, "/") {
		return strings.TrimSuffix(a.Root, "/") + path
	}
	return path
}

func (a *API) header(ctx context.Context, req *Request) (Header, error) {
	out := Header{}
	if req.Body != nil {
		out["content-type"] = "application/json"
	}
	if a.Header != nil {
		always, err := a.Header(ctx)
		if err != nil {
			return nil, err
		}
		out.merge(always)
	}
	out.merge(req.Header)
	return out, nil
}

// merge sets the fields of other, whatever the case of their names.
func (h Header) merge(other Header) {
	for name, value := range other {
		h[strings.ToLower(name)] = value
	}
}

func (a *API) fail(res *Response) error {
	if a.Fail != nil {
		return a.Fail(res)
	}
	return &cmserr.Error{Kind: KindOf(res.Status), Status: res.Status,
		Msg: Origin(a.Root) + " answered with HTTP " + strconv.Itoa(res.Status) + "."}
}

// parse reads a body that should be JSON. What else it can be tells who is at fault.
func (a *API) parse(res *Response) (gjson.Result, error) {
	if gjson.ValidBytes(res.Body) {
		return gjson.ParseBytes(res.Body), nil
	}
	e := &cmserr.Error{Kind: cmserr.Network, Status: res.Status}
	switch firstByte(res.Body) {
	case 0:
		e.Msg = Origin(a.Root) + " answered with nothing instead of data. Try again; if it stays so, check api_root."
	case '<':
		e.Kind = cmserr.Invalid
		e.Msg = Origin(a.Root) + " answered with a web page instead of data. Check api_root."
	default:
		e.Msg = Origin(a.Root) + " answered with something that is not whole JSON. Try again; if it stays so, check api_root."
	}
	return gjson.Result{}, e
}

// firstByte is the first byte of a text that is no white space, 0 if there is none.
func firstByte(text []byte) byte {
	for _, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}
