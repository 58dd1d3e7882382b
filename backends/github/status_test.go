package github

import (
	"testing"

	"mooring/backends/rest/resttest"
)

func TestServiceStatus_IsThatOfWhatABackendNeeds(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"components":[{"name":"API Requests","status":"operational"},{"name":"Copilot","status":"major_outage"}]}`: true,
		`{"components":[{"name":"API Requests","status":"degraded_performance"}]}`:                                   true,
		`{"components":[{"name":"Pull Requests","status":"partial_outage"}]}`:                                        false,
		`{"components":[{"name":"Git Operations","status":"major_outage"}]}`:                                         false,
	} {
		p := &resttest.StatusPage{Status: 200, Body: body}
		r, err := Open(Config{Repo: "o/r"}, Env{Doer: p, Token: resttest.Token("")})
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.ServiceStatus(t.Context())
		if err != nil || s.OK != want || s.Page != publicStatus || p.Asked != publicStatus+"/api/v2/components.json" {
			t.Errorf("%s: %+v, %v, %s", body, s, err, p.Asked)
		}
	}
}

// TestServiceStatus_Silent: a page that does not answer says nothing of GitHub, and
// a server of one's own has none.
func TestServiceStatus_Silent(t *testing.T) {
	t.Parallel()
	r, err := Open(Config{Repo: "o/r"}, Env{Doer: &resttest.StatusPage{Status: 503}, Token: resttest.Token("")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ServiceStatus(t.Context()); err == nil {
		t.Error("a silent page is no status")
	}
	p := &resttest.StatusPage{Status: 500}
	own, err := Open(Config{Repo: "o/r", APIRoot: "https://git.example/api/v3"}, Env{Doer: p, Token: resttest.Token("")})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := own.ServiceStatus(t.Context()); err != nil || !s.OK || p.Asked != "" {
		t.Errorf("%+v, %v, %s", s, err, p.Asked)
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
		r, err := Open(Config{Repo: "o/r", APIRoot: root}, Env{Token: resttest.Token("")})
		if err != nil || r.api.graphQL.API.Root != want {
			t.Errorf("%q: %v, %v", root, r.api.graphQL.API.Root, err)
		}
	}
	r, err := Open(Config{Repo: "o/r", GraphQLRoot: "https://q.example/x"}, Env{Token: resttest.Token("")})
	if err != nil || r.api.graphQL.API.Root != "https://q.example/x" {
		t.Error(err)
	}
}

func TestAuthScheme_IsTheConfigured(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[string]string{"": "Bearer t", "token": "token t"} {
		r, err := Open(Config{Repo: "o/r", AuthScheme: scheme}, Env{
			Token: resttest.Token("t"),
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
