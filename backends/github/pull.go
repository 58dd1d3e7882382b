package github

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// Pulls implements driver.PullRequester. A fork's are those that it opened.
func (r *Repo) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	all, err := r.home().pulls(ctx, base, "", "")
	if err != nil {
		return nil, err
	}
	var out []driver.Pull
	for _, p := range all {
		if strings.HasPrefix(p.Head, headPrefix) && (r.origin == nil || strings.EqualFold(p.Fork, r.fullName())) {
			out = append(out, p)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Number < out[j].Number })
	return out, nil
}

// Pull implements driver.PullRequester.
func (r *Repo) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	all, err := r.home().pulls(ctx, base, r.owner(), head)
	if err != nil {
		return driver.Pull{}, err
	}
	fork := ""
	if r.origin != nil {
		fork = r.fullName()
	}
	for _, p := range all {
		if strings.EqualFold(p.Fork, fork) {
			return p, nil
		}
	}
	return driver.Pull{}, noPull(head)
}

func noPull(head string) error {
	return cmserr.New(cmserr.NotFound, "There is no pull request of the branch “"+head+"”.")
}

// pulls lists open pull requests into base, and if a branch is given, of branches of
// that name, in the owner's repositories among others. GitHub ignores a head that it
// does not understand, so each answer is looked at.
func (r *Repo) pulls(ctx context.Context, base, owner, head string) ([]driver.Pull, error) {
	out, err := r.queries.pulls(ctx, base, head)
	if !errors.Is(err, graphql.ErrNone) && !tooMuch(err) {
		return out, err
	}
	out = nil
	from := ""
	if head != "" {
		from = owner + ":" + head
	}
	path := r.path("pulls") + rest.Query("state", "open", "base", base, "head", from,
		"sort", "created", "direction", "asc", "per_page", "100")
	err = r.api.Each(ctx, path, func(item gjson.Result) error {
		p, err := r.decodePull(item)
		if head == "" || p.Head == head {
			out = append(out, p)
		}
		return err
	})
	return out, err
}

// isHeadOf says whether a pull request is one of this repository's branch.
func (r *Repo) isHeadOf(item gjson.Result, branch string) bool {
	name := r.fullName()
	if r.origin == nil {
		name = nameOfBase(item, name)
	}
	return item.Get("head.ref").String() == branch && strings.EqualFold(item.Get("head.repo.full_name").String(), name)
}

// nameOfBase is the name of the repository that has a pull request, as the pull request
// tells it: behind a gateway nobody else does.
func nameOfBase(item gjson.Result, known string) string {
	return cmp.Or(item.Get("base.repo.full_name").String(), known)
}

// decodePull reads a pull request of GitHub's REST API.
func (r *Repo) decodePull(v gjson.Result) (driver.Pull, error) {
	if !rest.Has(v, "number", "head.ref", "head.sha", "base.ref") {
		return driver.Pull{}, misshapen("pull request")
	}
	p := driver.Pull{
		Number: int(v.Get("number").Int()), Title: v.Get("title").String(),
		Head: v.Get("head.ref").String(), HeadCommit: v.Get("head.sha").String(),
		Base: v.Get("base.ref").String(), Author: v.Get("user.login").String(), URL: v.Get("html_url").String(),
	}
	for _, l := range v.Get("labels.#.name").Array() {
		p.Labels = append(p.Labels, l.String())
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updated_at").String())
	owner, _, _ := strings.Cut(v.Get("head.label").String(), ":")
	p.Fork = forkName(v.Get("head.repo.full_name").String(), owner, nameOfBase(v, r.fullName()))
	return p, nil
}

// forkName is Pull.Fork of a branch in a repository, which is "" once it was deleted,
// into one that is called home.
func forkName(name, owner, home string) string {
	switch {
	case name == "":
		return cmp.Or(owner, "deleted")
	case strings.EqualFold(name, home):
		return ""
	}
	return name
}

// OpenPull implements driver.PullRequester. From a fork, one that was closed is
// opened again, if the branch is still where it was.
// https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
func (r *Repo) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	head := p.Head
	if r.origin != nil {
		again, err := r.reopen(ctx, p)
		if err == nil || !cmserr.Is(err, cmserr.NotFound) {
			return again, err
		}
		head = r.owner() + ":" + p.Head
	}
	v, err := r.postPull(ctx, p, head)
	if cmserr.Is(err, cmserr.Network) {
		there, findErr := r.Pull(ctx, p.Base, p.Head)
		if !cmserr.Is(findErr, cmserr.NotFound) {
			return there, findErr // the answer alone was lost
		}
		v, err = r.postPull(ctx, p, head)
	}
	if cmserr.Is(err, cmserr.Conflict) {
		return r.openedJustNow(ctx, p, err)
	}
	if err != nil {
		return driver.Pull{}, err
	}
	return r.home().decodePull(v)
}

// openedJustNow is the pull request that is in the way of a new one, if it is that
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

func (r *Repo) postPull(ctx context.Context, p driver.NewPull, head string) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("title", p.Title).Field("body", p.Body).Field("base", p.Base).Field("head", head)
	j.Key("maintainer_can_modify").Bool(true).EndObject()
	v, err := r.api.Send(ctx, "POST", r.home().path("pulls"), &j)
	e := cmserr.From(err)
	switch {
	case e.Status == 422 && strings.Contains(e.Msg, "already exists"):
		err = cmserr.Wrap(cmserr.Conflict, err, "There already is a pull request of “"+p.Head+"”.")
	case e.Status == 422 && (strings.Contains(e.Msg, "head is invalid") || strings.Contains(e.Msg, "base is invalid")):
		err = cmserr.Wrap(cmserr.NotFound, err, "There is no branch “"+p.Head+"”, or none “"+p.Base+"” to merge it into.")
	}
	return v, err
}

// lastClosed is the newest closed pull request of a branch.
func (r *Repo) lastClosed(ctx context.Context, base, head string) (gjson.Result, error) {
	v, err := r.api.Get(ctx, r.home().path("pulls")+rest.Query("state", "closed", "base", base,
		"head", r.owner()+":"+head, "sort", "created", "direction", "desc", "per_page", "100"))
	if err != nil {
		return gjson.Result{}, err
	}
	for _, item := range v.Array() {
		if r.isHeadOf(item, head) && item.Get("base.ref").String() == base {
			return item, nil
		}
	}
	return gjson.Result{}, noPull(head)
}

// reopen opens the last pull request of a branch again; NotFound if there is none
// that can be.
func (r *Repo) reopen(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	item, err := r.lastClosed(ctx, p.Base, p.Head)
	if err != nil {
		return driver.Pull{}, err
	}
	closed, err := r.home().decodePull(item)
	if err != nil {
		return driver.Pull{}, err
	}
	now, err := r.Head(ctx, p.Head)
	if err != nil {
		return driver.Pull{}, err
	}
	if item.Get("merged_at").String() != "" || closed.HeadCommit != now {
		return driver.Pull{}, cmserr.New(cmserr.NotFound, "The pull request can't be opened again.")
	}
	v, err := r.setState(ctx, closed.Number, "open")
	if cmserr.From(err).Status == 422 {
		return driver.Pull{}, cmserr.Wrap(cmserr.NotFound, err, "The pull request can't be opened again.")
	}
	if err != nil {
		return driver.Pull{}, err
	}
	return r.home().decodePull(v)
}

// ClosePull implements driver.PullRequester.
// https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request
func (r *Repo) ClosePull(ctx context.Context, number int) error {
	_, err := r.setState(ctx, number, "closed")
	return err
}

func (r *Repo) setState(ctx context.Context, number int, state string) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("state", state).EndObject()
	return r.api.Send(ctx, "PATCH", r.home().path("pulls", strconv.Itoa(number)), &j, rest.Repeatable)
}

// Relabel implements driver.Labeler. GitHub makes labels that it does not know. The
// new ones come first, so that a pull request is never without its status.
// https://docs.github.com/en/rest/issues/labels
func (r *Repo) Relabel(ctx context.Context, number int, add, remove []string) error {
	labels := r.home().path("issues", strconv.Itoa(number), "labels")
	if len(add) > 0 {
		var j rest.JSON
		j.Object().Key("labels").Array()
		for _, l := range add {
			j.String(l)
		}
		j.EndArray().EndObject()
		if _, err := r.api.Send(ctx, "POST", labels, &j, rest.Repeatable); err != nil {
			return err
		}
	}
	for _, l := range remove {
		_, err := r.api.Send(ctx, "DELETE", labels+"/"+rest.EscapeSegment(l), nil, rest.Repeatable)
		switch {
		case cmserr.Is(err, cmserr.Unsupported):
			return r.keepLabels(ctx, labels, remove)
		case err != nil && !strings.Contains(cmserr.From(err).Msg, "Label does not exist"):
			return err
		}
	}
	return nil
}

// keepLabels sets all labels but some, behind a gateway that lets none be removed by name.
// https://docs.github.com/en/rest/issues/labels#set-labels-for-an-issue
func (r *Repo) keepLabels(ctx context.Context, labels string, but []string) error {
	var j rest.JSON
	j.Object().Key("labels").Array()
	err := r.api.Each(ctx, labels+"?"+perPage, func(l gjson.Result) error {
		if name := l.Get("name").String(); !slices.Contains(but, name) {
			j.String(name)
		}
		return nil
	})
	if err == nil {
		_, err = r.api.Send(ctx, "PUT", labels, j.EndArray().EndObject(), rest.Repeatable)
	}
	return err
}
