//go:build js && wasm

package main

import (
	"context"
	"strings"

	"mooring/backends"
	"mooring/backends/cms"
)

// gated is a backend whose session the page keeps.
type gated struct {
	service
	gateway backends.Gateway
}

func openGateway(c backends.Config, env backends.Env) (cms.Service, error) {
	return gated{service{env: env}, c.Gateway}, nil
}

func (g gated) Authenticate(context.Context, cms.Credentials) (cms.User, error) {
	return g.gateway.Identity, nil
}

func (g gated) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return g.Authenticate(ctx, c)
}

func (gated) Logout(context.Context) error { return nil }

// Entry is the token at the path "token", another than <refused> at "not <refused>", the
// gateway's address at "url", and does what service does at any other.
func (g gated) Entry(ctx context.Context, path string) (cms.Entry, error) {
	refused, isRefused := strings.CutPrefix(path, "not ")
	var text string
	var err error
	switch {
	case isRefused:
		text, err = g.env.Renew(ctx, refused)
	case path == "token":
		text, err = g.env.Token(ctx)
	case path == "url":
		text = g.gateway.URL
	default:
		return g.service.Entry(ctx, path)
	}
	return cms.Entry{File: cms.File{Path: path}, Data: text}, err
}
