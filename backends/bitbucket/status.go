package bitbucket

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Statuses implements driver.StatusReader. They are the builds of a commit, and those of
// the pull request whose head it is.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/#api-repositories-workspace-repo-slug-commit-commit-statuses-get
func (r *Repo) Statuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	var out []driver.StatusCheck
	list := r.path("commit", rest.EscapeSegment(commit), "statuses") +
		rest.Query("pagelen", pageSize, "fields", "next,values.key,values.name,values.state,values.url")
	err := r.api.each(ctx, list, func(item gjson.Result) error {
		s, err := decodeStatus(item)
		out = append(out, s)
		return err
	})
	return out, err
}

func decodeStatus(v gjson.Result) (driver.StatusCheck, error) {
	if !rest.Has(v, "key", "state") {
		return driver.StatusCheck{}, misshapen("status")
	}
	return driver.StatusCheck{
		Context: v.Get("key").String(), State: stateOf(v.Get("state").String()), URL: v.Get("url").String(),
	}, nil
}

// stateOf is a state of Bitbucket's in the driver's words.
func stateOf(state string) string {
	switch state {
	case "SUCCESSFUL":
		return "success"
	case "FAILED":
		return "failure"
	case "STOPPED":
		return "error"
	}
	return "pending"
}

// publicStatus is the status page of Bitbucket Cloud.
const publicStatus = "https://bitbucket.status.atlassian.com"

// statusAPI is what that page reads, which other pages may read as well.
const statusAPI = publicStatus + "/api/v2/components.json"

// needed are the parts of the service that a backend uses.
var needed = map[string]bool{"API": true, "Authentication and user management": true, "Git LFS": true}

// ServiceStatus implements driver.ServiceStatuser. Servers of one's own have no page.
func (r *Repo) ServiceStatus(ctx context.Context) (driver.ServiceStatus, error) {
	if r.api.statusPage == "" {
		return driver.ServiceStatus{OK: true}, nil
	}
	res, err := r.api.outside.Do(ctx, &rest.Request{Method: "GET", URL: statusAPI})
	if err != nil {
		return driver.ServiceStatus{}, err
	}
	components := gjson.GetBytes(res.Body, "components")
	if !res.OK() || !components.IsArray() {
		return driver.ServiceStatus{}, cmserr.New(cmserr.Network, "Bitbucket's status page does not answer.")
	}
	return driver.ServiceStatus{OK: decodeService(components), Page: r.api.statusPage}, nil
}

// decodeService says whether what a backend needs works. What is slow works.
func decodeService(components gjson.Result) bool {
	for _, c := range components.Array() {
		switch c.Get("status").String() {
		case "partial_outage", "major_outage":
			if needed[c.Get("name").String()] {
				return false
			}
		}
	}
	return true
}
