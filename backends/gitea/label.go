package gitea

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// labelColor is what labels get that Mooring makes.
const labelColor = "#1d76db"

// Relabel implements driver.Labeler. The new labels come first, so that a pull request
// is never without its status; the answer tells the ids of those that are to go.
// https://docs.gitea.com/api/1.26/#tag/issue/operation/issueAddLabel
func (r *Repo) Relabel(ctx context.Context, number int, add, remove []string) error {
	url := r.path("issues", strconv.Itoa(number), "labels")
	var labels gjson.Result
	var err error
	if len(add) > 0 {
		labels, err = r.addLabels(ctx, url, add)
	} else {
		labels, err = r.api.Get(ctx, url)
	}
	if err != nil {
		return err
	}
	for _, l := range labels.Array() {
		if !slices.Contains(remove, l.Get("name").String()) {
			continue
		}
		_, err := r.api.Send(ctx, "DELETE", url+"/"+l.Get("id").String(), nil, rest.Repeatable)
		if err != nil && !cmserr.Is(err, cmserr.NotFound) && cmserr.From(err).Status != 422 { // it is gone
			return err
		}
	}
	return nil
}

// addLabels adds labels by name. The server passes over those that it does not know:
// these are made, or belong to the organisation, whose labels have to be named by id.
func (r *Repo) addLabels(ctx context.Context, url string, names []string) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Key("labels").Array()
	for _, name := range names {
		j.String(name)
	}
	j.EndArray().EndObject()
	labels, err := r.api.Send(ctx, "POST", url, &j, rest.Repeatable)
	if err != nil {
		return labels, err
	}
	var missing []string
	for _, name := range names {
		if _, ok := labelID(labels, name); !ok {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return labels, nil
	}
	var byID rest.JSON
	byID.Object().Key("labels").Array()
	for _, name := range missing {
		id, err := r.label(ctx, name)
		if err != nil {
			return labels, err
		}
		byID.Int(id)
	}
	byID.EndArray().EndObject()
	return r.api.Send(ctx, "POST", url, &byID, rest.Repeatable)
}

func labelID(labels gjson.Result, name string) (int, bool) {
	for _, l := range labels.Array() {
		if l.Get("name").String() == name {
			return int(l.Get("id").Int()), true
		}
	}
	return 0, false
}

// label is the id of a label of the repository or its organisation, which is made if
// there is none. It is looked for anew each time: the server would make a second one of
// the same name without a word.
// https://docs.gitea.com/api/1.26/#tag/issue/operation/issueCreateLabel
func (r *Repo) label(ctx context.Context, name string) (int, error) {
	id, err := r.findLabel(ctx, name)
	if err != nil || id != 0 {
		return id, err
	}
	var j rest.JSON
	j.Object().Field("name", name).Field("color", labelColor).EndObject()
	v, err := r.api.Send(ctx, "POST", r.path("labels"), &j)
	if uncertain(err) {
		if id, findErr := r.findLabel(ctx, name); findErr != nil || id != 0 {
			return id, findErr
		}
		v, err = r.api.Send(ctx, "POST", r.path("labels"), &j)
	}
	if err != nil {
		return 0, err
	}
	if !rest.Has(v, "id") {
		return 0, misshapen("label")
	}
	return int(v.Get("id").Int()), nil
}

// findLabel is the id of a label, 0 if there is none. An account that is no organisation
// has no labels, which is a 404.
func (r *Repo) findLabel(ctx context.Context, name string) (int, error) {
	owner, _, _ := strings.Cut(r.fullName(), "/")
	for _, list := range []string{r.path("labels"), rest.Path("orgs", owner, "labels")} {
		id := 0
		err := r.api.each(ctx, list, func(l gjson.Result) error {
			if l.Get("name").String() == name && id == 0 {
				id = int(l.Get("id").Int())
			}
			return nil
		})
		if id != 0 {
			return id, nil
		}
		// A token may have no permission to look at organisations.
		if err != nil && !cmserr.Is(err, cmserr.NotFound) && !(cmserr.Is(err, cmserr.Forbidden) && list != r.path("labels")) {
			return 0, err
		}
	}
	return 0, nil
}
