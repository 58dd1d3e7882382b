package gitea

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

// Pulls implements driver.PullRequester. Servers older than Gitea 1.24 list those into
// all branches, whatever is asked for.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoListPullRequests
func (r *Repo) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	found := map[int]driver.Pull{} // a list that changes meanwhile may tell one twice
	list := r.path("pulls") + rest.Query("state", "open", "sort", "oldest", "base_branch", base)
	err := r.api.each(ctx, list, func(item gjson.Result) error {
		p, err := r.decodePull(item)
		if p.Base == base && strings.HasPrefix(p.Head, headPrefix) {
			found[p.Number] = p
			r.names.Note(p.Author, item.Get("user.full_name").String())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]driver.Pull, 0, len(found))
	for _, p := range found {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Number < out[j].Number })
	return out, nil
}

// Pull implements driver.PullRequester. The server finds one by its branches, but it may
// be an old one that was closed: then the open ones are looked through.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetPullRequestByBaseHead
func (r *Repo) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	v, err := r.api.Get(ctx, r.path("pulls", rest.EscapeSegment(base), rest.EscapePath(head)))
	if cmserr.Is(err, cmserr.NotFound) {
		return driver.Pull{}, noPull(head)
	}
	if err != nil && !noRoute(err) {
		return driver.Pull{}, err
	}
	if err == nil {
		p, err := r.decodePull(v)
		if err != nil || isOpen(v) && p.Head == head && p.Base == base && p.Fork == "" {
			return p, err
		}
	}
	all, err := r.Pulls(ctx, base, head)
	if err != nil {
		return driver.Pull{}, err
	}
	for _, p := range all {
		if p.Head == head && p.Fork == "" {
			return p, nil
		}
	}
	return driver.Pull{}, noPull(head)
}

func noPull(head string) error {
	return cmserr.New(cmserr.NotFound, "There is no pull request of the branch “"+head+"”.")
}

func isOpen(pull gjson.Result) bool {
	return pull.Get("state").String() == "open" && !pull.Get("merged").Bool()
}

// isOurs says whether a pull request is one of this repository's branches.
func (r *Repo) isOurs(pull gjson.Result) bool {
	name := pull.Get("head.repo.full_name").String()
	return name != "" && strings.EqualFold(name, pull.Get("base.repo.full_name").String())
}

// headBranch is the branch of a pull request. Once it is gone, "ref" is a ref that the
// server keeps, and "label" still the branch's name.
func headBranch(pull gjson.Result) string {
	ref := pull.Get("head.ref").String()
	if label := pull.Get("head.label").String(); label != "" && strings.HasPrefix(ref, "refs/") {
		return label
	}
	return ref
}

// decodePull reads a pull request.
func (r *Repo) decodePull(v gjson.Result) (driver.Pull, error) {
	if !rest.Has(v, "number", "head.ref", "head.sha", "base.ref") {
		return driver.Pull{}, misshapen("pull request")
	}
	p := driver.Pull{
		Number: int(v.Get("number").Int()), Title: v.Get("title").String(),
		Head: headBranch(v), HeadCommit: v.Get("head.sha").String(),
		Base: v.Get("base.ref").String(), Author: v.Get("user.login").String(), URL: v.Get("html_url").String(),
		MergeBase: v.Get("merge_base").String(),
	}
	for _, l := range v.Get("labels.#.name").Array() {
		p.Labels = append(p.Labels, l.String())
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updated_at").String())
	if !r.isOurs(v) {
		p.Fork = v.Get("head.repo.full_name").String()
		if p.Fork == "" {
			p.Fork = "deleted"
		}
	}
	return p, nil
}

// OpenPull implements driver.PullRequester.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoCreatePullRequest
func (r *Repo) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	v, err := r.postPull(ctx, p)
	if uncertain(err) {
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
	return r.decodePull(v)
}

// openedJustNow is the pull request that is in the way of a new one, if it is that
// very one: when a connection ends, browsers send a request again by themselves.
func (r *Repo) openedJustNow(ctx context.Context, p driver.NewPull, conflict error) (driver.Pull, error) {
	user, err := r.User(ctx)
	if err != nil {
		return driver.Pull{}, err
	}
	there, err := r.Pull(ctx, p.Base, p.Head)
	if err != nil || there.Author != user.Login || there.Title != p.Title {
		return driver.Pull{}, conflict
	}
	return there, nil
}

func (r *Repo) postPull(ctx context.Context, p driver.NewPull) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("title", p.Title).Field("body", p.Body).Field("base", p.Base).Field("head", p.Head).EndObject()
	v, err := r.api.Send(ctx, "POST", r.path("pulls"), &j)
	switch {
	case cmserr.From(err).Status == 409:
		err = cmserr.Wrap(cmserr.Conflict, err, "There already is a pull request of “"+p.Head+"”.")
	case cmserr.Is(err, cmserr.NotFound):
		err = cmserr.Wrap(cmserr.NotFound, err, "There is no branch “"+p.Head+"”, or none “"+p.Base+"” to merge it into.")
	}
	return v, err
}

// pull asks for one pull request by its number.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetPullRequest
func (r *Repo) pull(ctx context.Context, number int) (gjson.Result, error) {
	return r.api.Get(ctx, r.path("pulls", strconv.Itoa(number)))
}

// ClosePull implements driver.PullRequester.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoEditPullRequest
func (r *Repo) ClosePull(ctx context.Context, number int) error {
	var j rest.JSON
	j.Object().Field("state", "closed").EndObject()
	_, err := r.api.Send(ctx, "PATCH", r.path("pulls", strconv.Itoa(number)), &j, rest.Repeatable)
	return err
}
