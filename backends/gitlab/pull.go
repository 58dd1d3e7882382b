package gitlab

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Pulls implements driver.PullRequester.
func (r *Repo) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	all, err := r.pulls(ctx, base, "")
	if err != nil {
		return nil, err
	}
	var out []driver.Pull
	for _, p := range all {
		if strings.HasPrefix(p.Head, headPrefix) {
			out = append(out, p)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Number < out[j].Number })
	return out, nil
}

// Pull implements driver.PullRequester.
func (r *Repo) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	all, err := r.pulls(ctx, base, head)
	if err != nil {
		return driver.Pull{}, err
	}
	for _, p := range all {
		if p.Fork == "" && p.Head == head {
			return p, nil
		}
	}
	return driver.Pull{}, cmserr.New(cmserr.NotFound, "There is no merge request of the branch “"+head+"”.")
}

// pulls lists open merge requests into base, and if a branch is given, of branches of
// that name.
func (r *Repo) pulls(ctx context.Context, base, head string) ([]driver.Pull, error) {
	out, err := r.queries.pulls(ctx, base, head)
	if !useREST(err) {
		return out, err
	}
	out = nil
	path := r.path("merge_requests") + rest.Query("state", "opened", "target_branch", base, "source_branch", head,
		"order_by", "created_at", "sort", "asc", "per_page", strconv.Itoa(pageSize))
	err = r.api.Each(ctx, path, func(item gjson.Result) error {
		p, err := decodePull(item)
		if err == nil {
			err = r.complete(ctx, &p)
		}
		out = append(out, p)
		return err
	})
	return out, r.named(err, "There are no merge requests: they may be switched off in the project's settings.")
}

// decodePull reads a merge request of GitLab's REST API.
func decodePull(v gjson.Result) (driver.Pull, error) {
	if !rest.Has(v, "iid", "source_branch", "target_branch") {
		return driver.Pull{}, misshapen("merge request")
	}
	p := driver.Pull{
		Number: int(v.Get("iid").Int()), Title: v.Get("title").String(),
		Head: v.Get("source_branch").String(), HeadCommit: v.Get("sha").String(),
		Base: v.Get("target_branch").String(), Author: v.Get("author.username").String(), URL: v.Get("web_url").String(),
	}
	for _, l := range v.Get("labels").Array() {
		p.Labels = append(p.Labels, l.String())
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updated_at").String())
	if source := v.Get("source_project_id"); source.String() != v.Get("target_project_id").String() {
		p.Fork = forkName("", source)
	}
	if v.Get("diff_refs.head_sha").String() == p.HeadCommit {
		p.MergeBase = v.Get("diff_refs.base_sha").String()
	}
	return p, nil
}

// forkName is Pull.Fork of a branch in another project, which is nobody's once that
// was deleted.
func forkName(path string, id gjson.Result) string {
	switch {
	case path != "":
		return path
	case id.Type == gjson.Number:
		return "project " + id.String()
	}
	return "deleted"
}

// complete says where the branch of a merge request is. GitLab finds out in the
// background after a push: what this session pushed itself is known, and a merge request
// that was opened just now has nothing yet.
func (r *Repo) complete(ctx context.Context, p *driver.Pull) (err error) {
	switch {
	case p.Fork != "":
	case p.HeadCommit == "":
		p.HeadCommit, err = r.Head(ctx, p.Head)
	default:
		head := r.heads.Newest(p.Head, p.HeadCommit, r.api.clock.Now())
		if head != p.HeadCommit {
			p.HeadCommit, p.MergeBase = head, ""
		}
	}
	return err
}

// OpenPull implements driver.PullRequester.
// https://docs.gitlab.com/api/merge_requests/#create-mr
func (r *Repo) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	if !r.heads.Knows(p.Head) { // GitLab would open one of a branch that is not there
		if _, err := r.Head(ctx, p.Head); err != nil {
			return driver.Pull{}, err
		}
	}
	v, err := r.postPull(ctx, p)
	if cmserr.Is(err, cmserr.Network) {
		there, findErr := r.Pull(ctx, p.Base, p.Head)
		if !cmserr.Is(findErr, cmserr.NotFound) {
			return there, findErr // the answer alone was lost
		}
		v, err = r.postPull(ctx, p)
	}
	if cmserr.Is(err, cmserr.Conflict) {
		return r.openedJustNow(ctx, p, err)
	}
	if err != nil {
		return driver.Pull{}, err
	}
	opened, err := decodePull(v)
	if err == nil {
		err = r.complete(ctx, &opened)
	}
	return opened, err
}

// openedJustNow is the merge request that is in the way of a new one, if it is that
// very one: when a connection ends, browsers send a request again by themselves.
func (r *Repo) openedJustNow(ctx context.Context, p driver.NewPull, conflict error) (driver.Pull, error) {
	user, err := r.User(ctx)
	shared := cmserr.Is(err, cmserr.Unsupported) // behind a gateway, one account opens them all
	if err != nil && !shared {
		return driver.Pull{}, err
	}
	there, err := r.Pull(ctx, p.Base, p.Head)
	if err != nil || !shared && there.Author != user.Login || there.Title != p.Title {
		return driver.Pull{}, conflict
	}
	return there, nil
}

func (r *Repo) postPull(ctx context.Context, p driver.NewPull) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("title", p.Title).Field("description", p.Body)
	j.Field("source_branch", p.Head).Field("target_branch", p.Base).Key("remove_source_branch").Bool(true).EndObject()
	v, err := r.api.Send(ctx, "POST", r.path("merge_requests"), &j)
	if cmserr.Is(err, cmserr.Conflict) {
		err = cmserr.Wrap(cmserr.Conflict, err, "There already is a merge request of “"+p.Head+"”.")
	}
	return v, err
}

// ClosePull implements driver.PullRequester.
// https://docs.gitlab.com/api/merge_requests/#update-mr
func (r *Repo) ClosePull(ctx context.Context, number int) error {
	var j rest.JSON
	_, err := r.putPull(ctx, number, j.Object().Field("state_event", "close").EndObject())
	return err
}

// putPull changes a merge request; the same again changes nothing.
func (r *Repo) putPull(ctx context.Context, number int, body *rest.JSON) (gjson.Result, error) {
	v, err := r.api.Send(ctx, "PUT", r.pullPath(number), body, rest.Repeatable)
	return v, r.named(err, noSuchPull(number))
}

func (r *Repo) pullPath(number int) string { return r.path("merge_requests", strconv.Itoa(number)) }

func noSuchPull(number int) string {
	return "There is no merge request !" + strconv.Itoa(number) + "."
}

// Relabel implements driver.Labeler. GitLab makes labels that it does not know, and
// leaves out without a word what the user may not do.
func (r *Repo) Relabel(ctx context.Context, number int, add, remove []string) error {
	for _, label := range append(append([]string(nil), add...), remove...) {
		if strings.Contains(label, ",") {
			return cmserr.New(cmserr.Invalid, "GitLab has no labels with a comma, such as “"+label+"”. Check `backend.cms_label_prefix`.")
		}
	}
	var j rest.JSON
	j.Object().FieldIf("add_labels", strings.Join(add, ",")).FieldIf("remove_labels", strings.Join(remove, ",")).EndObject()
	v, err := r.putPull(ctx, number, &j)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, l := range v.Get("labels").Array() {
		has[strings.ToLower(l.String())] = true
	}
	for _, label := range add {
		if !has[strings.ToLower(label)] {
			return cmserr.New(cmserr.Forbidden, "GitLab did not set the label “"+label+"” at merge request !"+strconv.Itoa(number)+
				": this account may not. Ask a maintainer of the project for the role Developer or above.")
		}
	}
	return nil
}
