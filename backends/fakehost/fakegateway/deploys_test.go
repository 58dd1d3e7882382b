package fakegateway_test

import (
	"testing"

	"mooring/backends/fakehost/fakegateway"
)

type deploy struct {
	State, Branch string
	CommitRef     string `json:"commit_ref"`
	DeployURL     string `json:"deploy_url"`
}

func TestDeploys_NewestFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	for _, commit := range []string{"a", "b", "c"} {
		s.AddDeploy(fakegateway.Deploy{Commit: commit, Branch: "cms/" + commit, State: "ready", URL: "https://" + commit + ".example"})
	}
	site := decode[struct{ ID string }](t, s.asks("", "GET", "/api/v1/sites/www.example.com", "", "Origin", "https://cms.example").body)
	a := s.asks("", "GET", "/api/v1/sites/"+site.ID+"/deploys?per_page=2", "", "Origin", "https://cms.example")
	list := decode[[]deploy](t, a.body)
	if len(list) != 2 || list[0] != (deploy{"ready", "cms/c", "c", "https://c.example"}) || list[1].CommitRef != "b" {
		t.Errorf("the deploys are %+v", list)
	}
	if a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("other pages may not read them")
	}
	rest := decode[[]deploy](t, s.asks("", "GET", "/api/v1/sites/"+site.ID+"/deploys?per_page=2&page=2", "").body)
	if len(rest) != 1 || rest[0].CommitRef != "a" {
		t.Errorf("the second page is %+v", rest)
	}
	s.asks("", "GET", "/api/v1/sites/another-id/deploys", "").wants(t, 404, `"message":"Not Found"`)
	s.asks("", "GET", "/api/v1/sites/"+site.ID+"/files", "").wants(t, 404, `"message":"Not Found"`)
	s.Set(func(o *fakegateway.Settings) { o.PrivateDeploys = true })
	s.asks("", "GET", "/api/v1/sites/"+site.ID+"/deploys", "").wants(t, 401, `"message":"Access Denied"`)
	s.Reset()
	if a := s.asks("", "GET", "/api/v1/sites/"+site.ID+"/deploys", "").wants(t, 200, ""); a.body != "[]" {
		t.Errorf("a new site has %s", a.body)
	}
}

func TestStatus_TellsWhatIsDown(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	s.asks("", "GET", "/api/v2/components.json", "").wants(t, 200, `"name":"Git Gateway","status":"operational"`)
	s.Set(func(o *fakegateway.Settings) { o.Degraded = true })
	s.asks("", "GET", "/api/v2/components.json", "").wants(t, 200, `"name":"Git Gateway","status":"major_outage"`)
}
