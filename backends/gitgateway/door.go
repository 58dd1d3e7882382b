package gitgateway

import (
	"context"
	"strings"

	"mooring/backends/rest"
)

// door carries what a provider's package asks of the provider's API to the gateway.
type door struct {
	next     rest.Doer
	provider string // for people, e.g. "GitHub"
	root     string // the gateway's address for the provider, which its package takes for the API's
	inside   string // what paths of the repository begin with below the root; the gateway has none of it
	// passes says whether the gateway lets a path of the repository through.
	passes func(path string) bool
	// via sends what the provider needs more for than send does; nil is send.
	via func(ctx context.Context, d *door, req *rest.Request, path string) (*rest.Response, error)
	// pages says whether lists tell the next page in their bodies.
	pages bool
	// isFile says whether a path is that of what a file holds, which may be a web page, or
	// look like a list; nil: it can't.
	isFile func(path string) bool
	// why goes on where a request is not passed: what to do about it.
	why string
}

// Do implements rest.Doer.
func (d *door) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	path, ok := strings.CutPrefix(req.URL, d.root+d.inside+"/")
	if !ok || !d.passes(path) {
		return nil, d.notPassed()
	}
	send := d.send
	if d.via != nil {
		send = func(ctx context.Context, req *rest.Request, path string) (*rest.Response, error) {
			return d.via(ctx, d, req, path)
		}
	}
	res, err := send(ctx, req, path)
	if err != nil || d.isFile != nil && d.isFile(path) {
		return res, err
	}
	return d.rewritten(res, req.URL), nil
}

// send asks for a path; an answer that is the gateway's own is an error.
func (d *door) send(ctx context.Context, req *rest.Request, path string) (*rest.Response, error) {
	out := *req
	out.URL = d.root + "/" + path
	out.Header = passed(req.Header)
	res, err := d.next.Do(ctx, &out)
	if err != nil {
		return nil, err
	}
	if err := d.refused(res, d.isFile != nil && d.isFile(path)); err != nil {
		return nil, err
	}
	return res, nil
}

// passed are the fields of a request that the gateway lets web pages of other origins
// send: with another one, a browser sends nothing at all.
func passed(h rest.Header) rest.Header {
	out := rest.Header{}
	for name, value := range h {
		switch name {
		case "accept", "authorization", "content-type":
			out[name] = value
		}
	}
	return out
}

// renewing leads to the gateway, with a new token when the one that there is has ended.
func (e Env) renewing() rest.Doer {
	return &rest.Renewing{Next: e.Doer, Renew: e.Renew, Expired: expired}
}

// bearer goes before a JWT.
const bearer = "Bearer "
