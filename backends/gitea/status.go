package gitea

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Statuses implements driver.StatusReader. The combined status has the newest one of
// each context.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetCombinedStatusByRef
func (r *Repo) Statuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	var all []driver.StatusCheck
	url := r.path("commits", rest.EscapeSegment(commit), "status")
	for number := 1; ; number++ {
		v, err := r.api.Get(ctx, pageOf(url, number))
		if err != nil {
			return nil, err
		}
		some, total, err := decodeStatuses(v)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) == 0 || len(all) >= total {
			return all, nil
		}
	}
}

func decodeStatuses(v gjson.Result) ([]driver.StatusCheck, int, error) {
	list := v.Get("statuses")
	if !rest.Has(v, "total_count") || !list.IsArray() && list.Type != gjson.Null {
		return nil, 0, misshapen("status")
	}
	var out []driver.StatusCheck
	for _, s := range list.Array() {
		state := s.Get("status").String()
		if state == "warning" {
			state = "success"
		}
		out = append(out, driver.StatusCheck{
			Context: s.Get("context").String(), State: state, URL: s.Get("target_url").String(),
		})
	}
	return out, int(v.Get("total_count").Int()), nil
}
