package gitgateway_test

import (
	"context"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
)

// atNetlify opens the site with its own Netlify.
func (s *site) atNetlify() driver.Previewer {
	cfg := s.config()
	cfg.NetlifyAPI = s.url + fakegateway.APIPrefix
	return s.open(s.session(time.Hour), cfg).(driver.Previewer)
}

func TestPreview_OfPublicDeploys(t *testing.T) {
	t.Parallel()
	s := serve(t, "github", one)
	for commit, state := range map[string]string{"aaa": "ready", "bbb": "building", "ccc": "error", "ddd": "enqueued"} {
		s.gateway.AddDeploy(fakegateway.Deploy{Commit: commit, State: state, URL: "http://" + commit + "--site.netlify.app"})
	}
	d := s.atNetlify()
	for commit, state := range map[string]string{"aaa": "success", "bbb": "pending", "ccc": "failure", "ddd": "pending"} {
		got, err := d.Preview(t.Context(), commit)
		want := driver.StatusCheck{Context: "deploy/netlify", State: state, URL: "https://" + commit + "--site.netlify.app"}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", commit, got, err)
		}
	}
	_, err := d.Preview(t.Context(), "eee")
	wantKind(t, err, cmserr.NotFound, "no deploy")
	s.gateway.Set(func(o *fakegateway.Settings) { o.PrivateDeploys = true })
	_, err = d.Preview(t.Context(), "aaa")
	wantKind(t, err, cmserr.Unauthenticated, "private")
}

func TestPreview_OfAnotherGateway(t *testing.T) {
	t.Parallel()
	d, err := gitgateway.OpenGitHub(gitgateway.Config{URL: "https://example.com/gateway"}, gitgateway.Env{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.(driver.Previewer).Preview(t.Context(), "aaa")
	wantKind(t, err, cmserr.NotFound, "")
	status, err := d.(driver.ServiceStatuser).ServiceStatus(t.Context())
	if err != nil || !status.OK || status.Page != "" {
		t.Errorf("the status of a gateway of one's own is %+v, %v", status, err)
	}
}

// page is Netlify's status page.
type page struct {
	status int
	body   string
	err    error
	asked  string
}

func (p *page) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	p.asked = req.URL
	if p.err != nil {
		return nil, p.err
	}
	return &rest.Response{Status: p.status, Body: []byte(p.body)}, nil
}

func TestServiceStatus_OfGitGateway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page page
		ok   bool
		kind cmserr.Kind
	}{
		"all is well":   {page: page{status: 200, body: `{"components":[{"name":"Git Gateway","status":"operational"}]}`}, ok: true},
		"it is down":    {page: page{status: 200, body: `{"components":[{"name":"API","status":"operational"},{"name":"Git Gateway","status":"partial_outage"}]}`}},
		"others are":    {page: page{status: 200, body: `{"components":[{"name":"Forms","status":"major_outage"}]}`}, ok: true},
		"no page":       {page: page{status: 500}, kind: cmserr.Network},
		"no JSON":       {page: page{status: 200, body: "<html>"}, kind: cmserr.Network},
		"no connection": {page: page{err: cmserr.New(cmserr.Network, "down")}, kind: cmserr.Network},
	} {
		d, err := gitgateway.OpenGitLab(gitgateway.Config{URL: "https://example.com/.netlify/git"}, gitgateway.Env{Doer: &c.page})
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.(driver.ServiceStatuser).ServiceStatus(t.Context())
		if cmserr.KindOf(err) != c.kind || got.OK != c.ok {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if c.page.asked != "https://www.netlifystatus.com/api/v2/components.json" {
			t.Errorf("%s: asked %s", name, c.page.asked)
		}
		if err == nil && got.Page != "https://www.netlifystatus.com" {
			t.Errorf("%s: the page is %s", name, got.Page)
		}
	}
}
