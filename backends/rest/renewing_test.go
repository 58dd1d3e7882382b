package rest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"mooring/backends/rest"
)

// guard is a host that knows one token, and the Doer that leads to it.
type guard struct {
	good string
	seen []string
}

func (g *guard) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	g.seen = append(g.seen, req.Header.Get("authorization"))
	if req.Header.Get("authorization") != g.good {
		return &rest.Response{Status: 401}, nil
	}
	return &rest.Response{Status: 200, Body: req.Body}, nil
}

func TestRenewing_SendsAgainWithANewToken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sent, renewed string
		status              int
		asked               []string
		seen                []string
	}{
		{"good", "Bearer new", "", 200, nil, []string{"Bearer new"}},
		{"refused", "Bearer old", "new", 200, []string{"old"}, []string{"Bearer old", "Bearer new"}},
		{"not renewed", "Bearer old", "", 401, []string{"old"}, []string{"Bearer old"}},
		{"the same again", "Bearer old", "old", 401, []string{"old"}, []string{"Bearer old"}},
		{"renewed, and refused again", "Bearer old", "other", 401, []string{"old"}, []string{"Bearer old", "Bearer other"}},
		{"a password", "Basic old", "new", 401, nil, []string{"Basic old"}},
		{"nobody's", "", "new", 401, nil, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host, asked := &guard{good: "Bearer new"}, []string(nil)
			d := &rest.Renewing{Next: host, Renew: func(_ context.Context, refused string) (string, error) {
				asked = append(asked, refused)
				return c.renewed, nil
			}}
			header := rest.Header{"authorization": c.sent}
			res, err := d.Do(t.Context(), &rest.Request{Method: "POST", Header: header, Body: []byte("body")})
			if err != nil || res.Status != c.status || res.Status == 200 && string(res.Body) != "body" {
				t.Errorf("got %+v, %v", res, err)
			}
			if !slices.Equal(asked, c.asked) || !slices.Equal(host.seen, c.seen) || header["authorization"] != c.sent {
				t.Errorf("asked for another than %q, the host saw %q", asked, host.seen)
			}
		})
	}
}

func TestRenewing_KeepsTheScheme(t *testing.T) {
	t.Parallel()
	host := &guard{good: "token new"}
	d := &rest.Renewing{Next: host, Renew: func(context.Context, string) (string, error) { return "new", nil }}
	res, err := d.Do(t.Context(), &rest.Request{Header: rest.Header{"authorization": "token old"}})
	if err != nil || res.Status != 200 {
		t.Errorf("got %+v, %v", res, err)
	}
}

func TestRenewing_SaysWhyItCannot(t *testing.T) {
	t.Parallel()
	ended := errors.New("the session has ended")
	for name, d := range map[string]*rest.Renewing{
		"fails":       {Renew: func(context.Context, string) (string, error) { return "", ended }},
		"nobody does": {},
		"not expired": {Renew: func(context.Context, string) (string, error) { return "", ended }, Expired: func(*rest.Response) bool { return false }},
	} {
		d.Next = &guard{}
		res, err := d.Do(t.Context(), &rest.Request{Header: rest.Header{"authorization": "Bearer old"}})
		if name == "fails" {
			if !errors.Is(err, ended) {
				t.Errorf("%s: got %+v, %v", name, res, err)
			}
		} else if err != nil || res.Status != 401 {
			t.Errorf("%s: got %+v, %v", name, res, err)
		}
	}
}
