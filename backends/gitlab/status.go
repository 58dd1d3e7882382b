package gitlab

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Statuses implements driver.StatusReader. What services say of a commit comes in two
// ways: deployments first, which have the address of a preview, then the statuses of
// pipelines and other services. A token may be barred from one of them, and a gateway
// does not pass both, so one that answers is enough.
func (r *Repo) Statuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	ways := []func(context.Context, string) ([]driver.StatusCheck, error){r.deployments, r.commitStatuses}
	found := make([][]driver.StatusCheck, len(ways))
	barred := make([]error, len(ways))
	err := rest.Together(ctx, len(ways), func(ctx context.Context, i int) (err error) {
		found[i], err = ways[i](ctx, commit)
		switch cmserr.KindOf(err) {
		case cmserr.Forbidden, cmserr.NotFound, cmserr.Unsupported:
			barred[i], err = err, nil
		}
		return err
	})
	if err == nil && barred[0] != nil {
		err = barred[1]
	}
	return append(found[0], found[1]...), err
}

// commitStatuses lists the newest status of each name.
// https://docs.gitlab.com/api/commits/#list-the-statuses-of-a-commit
func (r *Repo) commitStatuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	var out []driver.StatusCheck
	path := r.path("repository", "commits", rest.EscapeSegment(commit), "statuses") + rest.Query("per_page", strconv.Itoa(pageSize))
	err := r.api.Each(ctx, path, func(item gjson.Result) error {
		s, err := decodeStatus(item)
		out = append(out, s)
		return err
	})
	return out, err
}

func decodeStatus(v gjson.Result) (driver.StatusCheck, error) {
	if !rest.Has(v, "name", "status") {
		return driver.StatusCheck{}, misshapen("status")
	}
	return driver.StatusCheck{
		Context: v.Get("name").String(), State: stateOf(v.Get("status").String()), URL: v.Get("target_url").String(),
	}, nil
}

// stateOf is a state of GitLab's in the driver's words.
// https://docs.gitlab.com/ci/jobs/#view-jobs-in-a-pipeline
func stateOf(status string) string {
	switch status {
	case "success", "skipped":
		return "success"
	case "failed":
		return "failure"
	case "canceled", "canceling":
		return "error"
	}
	return "pending" // created, waiting, preparing, pending, running, scheduled, manual, blocked
}

// deployments lists where a commit was deployed to, among the newest of the project:
// GitLab can't be asked for those of a commit.
// https://docs.gitlab.com/api/deployments/#list-project-deployments
func (r *Repo) deployments(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	v, err := r.api.Get(ctx, r.path("deployments")+rest.Query("order_by", "created_at", "sort", "desc", "per_page", strconv.Itoa(pageSize)))
	if err != nil {
		return nil, err
	}
	if !v.IsArray() {
		return nil, misshapen("list of deployments")
	}
	return decodeDeployments(v, commit), nil
}

// decodeDeployments makes a status of the newest deployment to each environment that
// has an address.
func decodeDeployments(v gjson.Result, commit string) []driver.StatusCheck {
	var out []driver.StatusCheck
	seen := map[string]bool{}
	for _, d := range v.Array() {
		environment := d.Get("environment")
		name, url := environment.Get("name").String(), environment.Get("external_url").String()
		if d.Get("sha").String() != commit || url == "" || seen[name] {
			continue
		}
		seen[name] = true
		out = append(out, driver.StatusCheck{
			Context: "deploy/" + strings.ToLower(cmp.Or(name, "preview")), State: stateOf(d.Get("status").String()), URL: url,
		})
	}
	return out
}

// publicStatus is the status page of GitLab.com.
const publicStatus = "https://status.gitlab.com"

// statusAPI is what that page reads, which other pages may read as well.
// https://docs.status.io/developers/public-status-api
const statusAPI = "https://status-api.hostedstatus.com/1.0/status/5b36dc6502d06804c08349f7"

// ServiceStatus implements driver.ServiceStatuser. Servers of one's own have no page.
func (r *Repo) ServiceStatus(ctx context.Context) (driver.ServiceStatus, error) {
	if r.api.statusPage == "" {
		return driver.ServiceStatus{OK: true}, nil
	}
	res, err := r.api.outside.Do(ctx, &rest.Request{Method: "GET", URL: statusAPI})
	if err != nil {
		return driver.ServiceStatus{}, err
	}
	if !res.OK() || !gjson.ValidBytes(res.Body) {
		return driver.ServiceStatus{}, cmserr.New(cmserr.Network, "GitLab's status page does not answer.")
	}
	return driver.ServiceStatus{OK: decodeService(gjson.ParseBytes(res.Body)), Page: r.api.statusPage}, nil
}

// The codes of status.io from which on something is down for some.
const partialDisruption = 400

// decodeService says whether what a backend needs is operational.
func decodeService(v gjson.Result) bool {
	for _, c := range v.Get("result.status").Array() {
		name := c.Get("name").String()
		needed := strings.Contains(name, "API") || strings.Contains(name, "Git Operations") || strings.Contains(name, "Website")
		if needed && c.Get("status_code").Int() >= partialDisruption {
			return false
		}
	}
	return true
}
