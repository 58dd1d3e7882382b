package gitlab

import (
	"context"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

func TestServiceStatus_IsThatOfWhatABackendNeeds(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"result":{"status":[{"name":"API","status_code":100},{"name":"Canary","status_code":500}]}}`: true,
		`{"result":{"status":[{"name":"API","status_code":300}]}}`:                                     true,
		`{"result":{"status":[{"name":"Git Operations","status_code":400}]}}`:                          false,
		`{"result":{"status":[{"name":"Website","status_code":500}]}}`:                                 false,
	} {
		p := &resttest.StatusPage{Status: 200, Body: body}
		r, err := Open(Config{Repo: "o/r"}, Env{Doer: p, Token: resttest.Token("")})
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.ServiceStatus(t.Context())
		if err != nil || s.OK != want || s.Page != publicStatus || p.Asked != statusAPI {
			t.Errorf("%s: %+v, %v, %s", body, s, err, p.Asked)
		}
	}
}

// TestServiceStatus_Silent: a page that does not answer says nothing of GitLab, and a
// server of one's own has none.
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
	own, err := Open(Config{Repo: "o/r", APIRoot: "https://git.example/api/v4"}, Env{Doer: p, Token: resttest.Token("")})
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
		"":                               "https://gitlab.com/api/graphql",
		"https://gitlab.com/api/v4/":     "https://gitlab.com/api/graphql",
		"https://git.example/lab/api/v4": "https://git.example/lab/api/graphql",
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

// doors answers by the last part of the path.
type doors map[string]rest.Response

func (d doors) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	for end, res := range d {
		if len(req.URL) > len(end) && req.URL[len(req.URL)-len(end):] == end {
			return &res, nil
		}
	}
	return &rest.Response{Status: 404}, nil
}

const (
	statusesPath    = "/repository/commits/c1/statuses?per_page=100"
	deploymentsPath = "/deployments?order_by=created_at&sort=desc&per_page=100"
)

// TestStatuses_OfBothKinds: deployments have the address of a preview, and come first.
func TestStatuses_OfBothKinds(t *testing.T) {
	t.Parallel()
	r, err := Open(Config{Repo: "o/r"}, Env{Token: resttest.Token(""), Doer: doors{
		statusesPath: {Status: 200, Body: []byte(`[{"name":"build","status":"running"},{"name":"netlify","status":"failed","target_url":"https://n"},
			{"name":"lint","status":"canceled"},{"name":"pages","status":"skipped"}]`)},
		deploymentsPath: {Status: 200, Body: []byte(`[{"sha":"c2","environment":{"name":"main","external_url":"https://main"},"status":"success"},
			{"sha":"c1","environment":{"name":"Review/a","external_url":"https://a"},"status":"success"},
			{"sha":"c1","environment":{"name":"Review/a","external_url":"https://old"},"status":"failed"},
			{"sha":"c1","environment":{"name":"none","external_url":null},"status":"success"}]`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Statuses(t.Context(), "c1")
	want := []driver.StatusCheck{
		{Context: "deploy/review/a", State: "success", URL: "https://a"}, {Context: "build", State: "pending"},
		{Context: "netlify", State: "failure", URL: "https://n"}, {Context: "lint", State: "error"}, {Context: "pages", State: "success"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// TestStatuses_Barred: one kind that may be read is enough, none is an error.
func TestStatuses_Barred(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deployments, statuses int
		want                  cmserr.Kind
	}{{403, 200, 255}, {200, 404, 255}, {403, 403, cmserr.Forbidden}, {200, 500, cmserr.Unknown}} {
		r, err := Open(Config{Repo: "o/r"}, Env{Token: resttest.Token(""), Doer: doors{
			statusesPath:    {Status: c.statuses, Body: []byte(`[]`)},
			deploymentsPath: {Status: c.deployments, Body: []byte(`[]`)},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Statuses(t.Context(), "c1"); c.want == 255 != (err == nil) || err != nil && !cmserr.Is(err, c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
