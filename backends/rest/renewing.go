package rest

import (
	"context"
	"strings"
)

// Renewing is a Doer that sends a request again with a new token when the one that it has
// is refused. Nothing was done then, whatever the request asks for.
type Renewing struct {
	Next Doer
	// Renew is another token than the one that was refused, "" where there is none; nil
	// renews nothing. It is called for each request that is refused, and at the same time.
	Renew func(ctx context.Context, refused string) (string, error)
	// Expired says whether an answer refuses the token, which another may be good for; nil
	// takes every 401 for that.
	Expired func(res *Response) bool
}

// Do implements Doer.
func (r *Renewing) Do(ctx context.Context, req *Request) (*Response, error) {
	res, err := r.Next.Do(ctx, req)
	scheme, old := tokenOf(req)
	if err != nil || old == "" || r.Renew == nil || !r.expired(res) {
		return res, err
	}
	token, err := r.Renew(ctx, old)
	switch {
	case err != nil:
		return nil, err
	case token == "" || token == old:
		return res, nil
	}
	again := *req
	again.Header = Header{}
	for name, value := range req.Header {
		again.Header[name] = value
	}
	again.Header["authorization"] = scheme + " " + token
	return r.Next.Do(ctx, &again)
}

func (r *Renewing) expired(res *Response) bool {
	if r.Expired != nil {
		return r.Expired(res)
	}
	return res.Status == 401
}

// tokenOf is the token that a request has, and what stands before it. What goes with a
// name ("Basic") is a password, and nobody renews it.
func tokenOf(req *Request) (scheme, token string) {
	scheme, token, _ = strings.Cut(req.Header.Get("authorization"), " ")
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		return scheme, token
	}
	return "", ""
}
