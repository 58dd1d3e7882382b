package gitgateway

import (
	"cmp"
	"context"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// netlifyAPI is Netlify's public API.
// https://docs.netlify.com/api/get-started/
const netlifyAPI = "https://api.netlify.com/api/v1"

// statusPage is where Netlify tells how its services are doing.
const statusPage = "https://www.netlifystatus.com"

// gatewayPath is where Netlify has a site's gateway.
const gatewayPath = "/.netlify/git"

// netlify is who runs the gateway and builds the site, where it is Netlify.
type netlify struct {
	doer rest.Doer
	api  string
	site string // the site's host name, "" where somebody else runs the gateway
}

func newNetlify(cfg Config, env Env) *netlify {
	n := &netlify{doer: env.Doer, api: strings.TrimRight(cmp.Or(cfg.NetlifyAPI, netlifyAPI), "/")}
	if origin := rest.Origin(cfg.URL); cfg.URL == origin+gatewayPath {
		_, host, _ := strings.Cut(origin, "://")
		n.site, _, _ = strings.Cut(host, ":")
	}
	return n
}

// Preview implements driver.Previewer, for sites whose deploys are public. Netlify lists
// a deploy as soon as it is queued, when the commit has no status yet.
// https://open-api.netlify.com/#tag/deploy/operation/listSiteDeploys
func (n *netlify) Preview(ctx context.Context, commit string) (driver.StatusCheck, error) {
	none := cmserr.New(cmserr.NotFound, "Netlify tells of no deploy of this commit.")
	if n.site == "" {
		return driver.StatusCheck{}, none
	}
	site, err := n.get(ctx, "/sites/"+rest.EscapeSegment(n.site))
	if err != nil {
		return driver.StatusCheck{}, err
	}
	deploys, err := n.get(ctx, "/sites/"+rest.EscapeSegment(site.Get("id").String())+"/deploys?per_page=100")
	if err != nil {
		return driver.StatusCheck{}, err
	}
	for _, d := range deploys.Array() {
		if d.Get("commit_ref").String() == commit {
			return decodeDeploy(d), nil
		}
	}
	return driver.StatusCheck{}, none
}

func decodeDeploy(v gjson.Result) driver.StatusCheck {
	state := "pending"
	switch v.Get("state").String() {
	case "ready":
		state = "success"
	case "error", "rejected":
		state = "failure"
	}
	return driver.StatusCheck{Context: "deploy/netlify", State: state, URL: cmp.Or(v.Get("deploy_ssl_url").String(), v.Get("deploy_url").String())}
}

// get asks without a credential: only what is public is to be had.
func (n *netlify) get(ctx context.Context, path string) (gjson.Result, error) {
	res, err := n.doer.Do(ctx, &rest.Request{Method: "GET", URL: n.api + path})
	switch {
	case err != nil:
		return gjson.Result{}, err
	case !res.OK() || !gjson.ValidBytes(res.Body):
		return gjson.Result{}, &cmserr.Error{Kind: rest.KindOf(res.Status), Status: res.Status,
			Msg: "Netlify does not tell of the site's deploys. They may be private."}
	}
	return gjson.ParseBytes(res.Body), nil
}

// ServiceStatus implements driver.ServiceStatuser. Gateways of one's own have no page.
// https://www.netlifystatus.com/api
func (n *netlify) ServiceStatus(ctx context.Context) (driver.ServiceStatus, error) {
	if n.site == "" {
		return driver.ServiceStatus{OK: true}, nil
	}
	res, err := n.doer.Do(ctx, &rest.Request{Method: "GET", URL: statusPage + "/api/v2/components.json"})
	if err != nil {
		return driver.ServiceStatus{}, err
	}
	if !res.OK() || !gjson.ValidBytes(res.Body) {
		return driver.ServiceStatus{}, cmserr.New(cmserr.Network, "Netlify's status page does not answer.")
	}
	return driver.ServiceStatus{OK: decodeService(gjson.ParseBytes(res.Body)), Page: statusPage}, nil
}

// decodeService says whether the gateway is operational.
func decodeService(v gjson.Result) bool {
	for _, c := range v.Get("components").Array() {
		if c.Get("name").String() == "Git Gateway" && c.Get("status").String() != "operational" {
			return false
		}
	}
	return true
}
