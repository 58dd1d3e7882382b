package github

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Statuses implements driver.StatusReader. What services say of a commit comes in
// three ways: deployments first, which have the address of a preview, then check
// runs and commit statuses. A token may be barred from some of them, and a gateway does
// not pass all, so one that answers is enough.
func (r *Repo) Statuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	home := r.home()
	ways := []func(context.Context, string) ([]driver.StatusCheck, error){
		home.deployments, home.commitStatuses, home.checkRuns,
	}
	found := make([][]driver.StatusCheck, len(ways))
	errs := make([]error, len(ways))
	var wg sync.WaitGroup
	for i, way := range ways {
		wg.Go(func() { found[i], errs[i] = way(ctx, commit) })
	}
	wg.Wait()
	var all []driver.StatusCheck
	barred := 0
	for i, err := range errs {
		switch {
		case err == nil:
			all = append(all, found[i]...)
		case isBarred(err):
			barred++
		default:
			return nil, err
		}
	}
	if barred == len(ways) {
		return nil, errs[0]
	}
	return all, nil
}

func isBarred(err error) bool {
	switch cmserr.KindOf(err) {
	case cmserr.Forbidden, cmserr.NotFound, cmserr.Unsupported:
		return true
	}
	return false
}

// commitStatuses lists the newest status of each context.
// https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
func (r *Repo) commitStatuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	v, err := r.api.Get(ctx, r.path("commits", commit, "status")+"?"+perPage)
	if err != nil {
		return nil, err
	}
	return decodeStatuses(v)
}

func decodeStatuses(v gjson.Result) ([]driver.StatusCheck, error) {
	if !v.Get("statuses").IsArray() {
		return nil, misshapen("status")
	}
	var out []driver.StatusCheck
	for _, s := range v.Get("statuses").Array() {
		out = append(out, driver.StatusCheck{
			Context: s.Get("context").String(), State: s.Get("state").String(), URL: s.Get("target_url").String(),
		})
	}
	return out, nil
}

// checkRuns lists what GitHub Actions and other apps report.
// https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
func (r *Repo) checkRuns(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	v, err := r.api.Get(ctx, r.path("commits", commit, "check-runs")+"?"+perPage)
	if err != nil {
		return nil, err
	}
	return decodeCheckRuns(v)
}

func decodeCheckRuns(v gjson.Result) ([]driver.StatusCheck, error) {
	if !v.Get("check_runs").IsArray() {
		return nil, misshapen("check run")
	}
	var out []driver.StatusCheck
	for _, run := range v.Get("check_runs").Array() {
		state := "pending"
		if run.Get("status").String() == "completed" {
			state = concluded(run.Get("conclusion").String())
		}
		out = append(out, driver.StatusCheck{
			Context: run.Get("name").String(), State: state,
			URL: cmp.Or(run.Get("details_url").String(), run.Get("html_url").String()),
		})
	}
	return out, nil
}

func concluded(conclusion string) string {
	switch conclusion {
	case "success", "neutral", "skipped":
		return "success"
	case "failure", "timed_out", "startup_failure":
		return "failure"
	}
	return "error" // cancelled, stale, action_required
}

// maxDeployments is how many deployments of one commit are asked for their address.
const maxDeployments = 10

// deployments lists where a commit was deployed to.
// https://docs.github.com/en/rest/deployments/deployments#list-deployments
func (r *Repo) deployments(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	v, err := r.api.Get(ctx, r.path("deployments")+rest.Query("sha", commit, "per_page", "100"))
	if err != nil {
		return nil, err
	}
	if !v.IsArray() {
		return nil, misshapen("deployment")
	}
	var out []driver.StatusCheck
	for i, d := range v.Array() {
		if i == maxDeployments {
			break
		}
		s, err := r.api.Get(ctx, r.path("deployments", d.Get("id").String(), "statuses")+"?per_page=1")
		if err != nil {
			return nil, err
		}
		if check, ok := decodeDeployment(d, s); ok {
			out = append(out, check)
		}
	}
	return out, nil
}

// decodeDeployment makes a status of a deployment and its newest state.
func decodeDeployment(d, states gjson.Result) (driver.StatusCheck, bool) {
	newest := states.Get("0")
	url := cmp.Or(newest.Get("environment_url").String(), newest.Get("target_url").String())
	if url == "" {
		return driver.StatusCheck{}, false
	}
	state := newest.Get("state").String()
	switch state {
	case "success", "failure", "error":
	default:
		state = "pending" // queued, in_progress; inactive ones are replaced by others
	}
	environment := d.Get("environment").String()
	return driver.StatusCheck{Context: "deploy/" + strings.ToLower(environment), State: state, URL: url}, true
}

// publicStatus is the status page of GitHub.com.
const publicStatus = "https://www.githubstatus.com"

// ServiceStatus implements driver.ServiceStatuser. Servers of one's own have no page.
// https://www.githubstatus.com/api
func (r *Repo) ServiceStatus(ctx context.Context) (driver.ServiceStatus, error) {
	page := r.api.statusPage
	if page == "" {
		return driver.ServiceStatus{OK: true}, nil
	}
	res, err := r.api.outside.Do(ctx, &rest.Request{Method: "GET", URL: page + "/api/v2/components.json"})
	if err != nil {
		return driver.ServiceStatus{}, err
	}
	if !res.OK() || !gjson.ValidBytes(res.Body) {
		return driver.ServiceStatus{}, cmserr.New(cmserr.Network, "GitHub's status page does not answer.")
	}
	return driver.ServiceStatus{OK: decodeService(gjson.ParseBytes(res.Body)), Page: page}, nil
}

// decodeService says whether what a backend needs is operational.
func decodeService(v gjson.Result) bool {
	for _, c := range v.Get("components").Array() {
		switch c.Get("name").String() {
		case "API Requests", "Git Operations", "Pull Requests":
			if state := c.Get("status").String(); state == "major_outage" || state == "partial_outage" {
				return false
			}
		}
	}
	return true
}
