package gitea_test

import (
	"context"
	"strings"
	"sync"

	"mooring/backends/rest"
)

// afterFirstPost does something once, when the first POST has come to an end.
type afterFirstPost struct {
	rest.Doer
	once *sync.Once
	do   func()
}

func (a afterFirstPost) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := a.Doer.Do(ctx, req)
	if req.Method == "POST" {
		a.once.Do(a.do)
	}
	return res, err
}

// without hides a header field from the driver, as a proxy or a browser may.
type without struct {
	rest.Doer
	field string
}

func (w without) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := w.Doer.Do(ctx, req)
	if err != nil {
		return nil, err
	}
	header := rest.Header{}
	for name, value := range res.Header {
		if !strings.EqualFold(name, w.field) {
			header[name] = value
		}
	}
	return &rest.Response{Status: res.Status, Header: header, Body: res.Body}, nil
}
