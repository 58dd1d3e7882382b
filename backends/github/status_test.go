package github

import (
	"context"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// page is a status page that answers with a body.
type page struct {
	status int
	body   string
	asked  string
}

func (p *page) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	p.asked = req.URL
	if req.Header.Get("authorization") != "" {
		return nil, cmserr.New(cmserr.Internal, "a credential went to the status page")
	}
	return &rest.Response{Status: p.status, Body: []byte(p.body)}, nil
}

func noToken(context.Context) (string, error) { return "", nil }

func TestServiceStatus_IsThatOfWhatABackendNeeds(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"components":[{"name":"API Requests","status":"operational"},{"name":"Copilot","status":"major_outage"}]}`: true,
		`{"components":[{"name":"API Requests","status":"degraded_performance"}]}`:                                   true,
		`{"components":[{"name":"Pull Requests","status":"partial_outage"}]}`:                                        false,
		`{"components":[{"name":"Git Operations","status":"major_outage"}]}`:                                         false,
	} {
		p := &page{status: 200, body: body}
		r, err := Open(Config{Repo: "o/r"}, Env{Doer: p, Token: noToken})
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.ServiceStatus(t.Context())
		if err != nil || s.OK != want || s.Page != publicStatus || p.asked != publicStatus+"/api/v2/components.json" {
			t.Errorf("%s: %+v, %v, %s", body, s, err, p.asked)
		}
	}
}

// TestServiceStatus_Silent: a page that does not answer says nothing of GitHub, and
// a server of one's own has none.
func TestServiceStatus_Silent(t *testing.T) {
	t.Parallel()
	r, err := Open(Config{Repo: "o/r"}, Env{Doer: &page{status: 503}, Token: noToken})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ServiceStatus(t.Context()); err == nil {
		t.Error("a silent page is no status")
	}
	p := &page{status: 500}
	own, err := Open(Config{Repo: "o/r", APIRoot: "https://git.example/api/v3"}, Env{Doer: p, Token: noToken})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := own.ServiceStatus(t.Context()); err != nil || !s.OK || p.asked != "" {
		t.Errorf("%+v, %v, %s", s, err, p.asked)
	}
}

func TestGraphQLRoot_IsBesideTheAPI(t *testing.T) {
	t.Parallel()
	for root, want := range map[string]string{
		"":                            "https://api.github.com/graphql",
		"https://api.github.com/":     "https://api.github.com/graphql",
		"https://git.example/api/v3":  "https://git.example/api/graphql",
		"https://git.example/api/v3/": "https://git.example/api/graphql",
	} {
		r, err := Open(Config{Repo: "o/r", APIRoot: root}, Env{Token: noToken})
		if err != nil || r.api.graphQL.API.Root != want {
			t.Errorf("%q: %v, %v", root, r.api.graphQL.API.Root, err)
		}
	}
	r, err := Open(Config{Repo: "o/r", GraphQLRoot: "https://q.example/x"}, Env{Token: noToken})
	if err != nil || r.api.graphQL.API.Root != "https://q.example/x" {
		t.Error(err)
	}
}

func TestAuthScheme_IsTheConfigured(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[string]string{"": "Bearer t", "token": "token t"} {
		r, err := Open(Config{Repo: "o/r", AuthScheme: scheme}, Env{
			Token: func(context.Context) (string, error) { return "t", nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		h, err := r.api.header(t.Context())
		if err != nil || h["authorization"] != want {
			t.Errorf("%q: %v, %v", scheme, h, err)
		}
	}
}
