package resttest

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// Always is a Doer that answers every request with the same JSON.
type Always []byte

// Do implements rest.Doer.
func (a Always) Do(context.Context, *rest.Request) (*rest.Response, error) {
	return &rest.Response{Status: 200, Header: rest.Header{"content-type": "application/json"}, Body: a}, nil
}

// StatusPage is a Doer that answers as a host's public status page, which is no business
// of anybody's token.
type StatusPage struct {
	Status int
	Body   string
	Asked  string // the last address
}

// Do implements rest.Doer.
func (p *StatusPage) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	p.Asked = req.URL
	if req.Header.Get("authorization") != "" {
		return nil, cmserr.New(cmserr.Internal, "a credential went to the status page")
	}
	return &rest.Response{Status: p.Status, Body: []byte(p.Body)}, nil
}

// Token gives a driver that token; "" if nobody is signed in.
func Token(token string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, nil }
}
