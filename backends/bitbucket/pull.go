package bitbucket

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

// pullFields is what is told of a pull request.
var pullFields = strings.Join([]string{
	"id", "title", "state", "updated_on", "comment_count", "links.html.href",
	"author.nickname", "author.display_name", "author.username",
	"source.branch.name", "source.commit.hash", "source.repository.full_name",
	"destination.branch", "destination.repository.full_name",
}, ",")

// pullList is the address of a list of pull requests of which all expressions hold.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-get
func (r *Repo) pullList(expressions ...string) string {
	fields := "next,values." + strings.ReplaceAll(pullFields, ",", ",values.")
	return r.path("pullrequests") +
		rest.Query("q", allOf(expressions...), "sort", "id", "pagelen", pullPageSize, "fields", fields)
}

// Pulls implements driver.PullRequester. The heads come from the list of branches, since
// pull requests tell but the beginning of theirs.
func (r *Repo) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	q := []string{`state = "OPEN"`, is("destination.branch.name", base)}
	if plainPart(headPrefix) != "" {
		q = append(q, has("source.branch.name", headPrefix))
	}
	var found []gjson.Result
	heads := map[string]listedBranch{}
	published := map[string]bool{}
	steps := []func(context.Context) error{
		func(ctx context.Context) (err error) {
			found, err = r.openPulls(ctx, r.pullList(q...), base)
			return err
		},
		func(ctx context.Context) error {
			branches, err := r.branchList(ctx, headPrefix)
			for _, b := range branches {
				heads[b.Name] = b
			}
			return err
		},
		func(ctx context.Context) error { return r.newest(ctx, base, published) },
	}
	if err := rest.Together(ctx, len(steps), func(ctx context.Context, i int) error { return steps[i](ctx) }); err != nil {
		return nil, err
	}
	var out []driver.Pull
	var listed []gjson.Result
	for _, item := range found {
		if p := r.decodePull(item); strings.HasPrefix(p.Head, headPrefix) {
			if start := heads[p.Head].parent; p.Fork == "" && published[start] {
				p.MergeBase = start // of a draft of one commit
			}
			out, listed = append(out, p), append(listed, item)
		}
	}
	return out, r.complete(ctx, out, listed, heads)
}

// newest adds the newest commits of a branch to a set. A draft that starts at one of them
// needs nobody to say where it parted.
func (r *Repo) newest(ctx context.Context, branch string, commits map[string]bool) error {
	query := rest.Query("include", branch, "pagelen", pageSize, "fields", "values.hash")
	values, _, err := r.api.page(ctx, r.path("commits")+query)
	for _, c := range values.Array() {
		commits[c.Get("hash").String()] = true
	}
	if cmserr.Is(err, cmserr.NotFound) || cmserr.Is(err, cmserr.Unsupported) {
		return nil // then it is not told
	}
	return err
}

// openPulls reads a list of open pull requests into base, in order of number.
func (r *Repo) openPulls(ctx context.Context, list, base string) ([]gjson.Result, error) {
	byID := map[int64]gjson.Result{} // a list that changes meanwhile may tell one twice
	err := r.api.each(ctx, list, func(item gjson.Result) error {
		if !isPull(item) {
			return misshapen("pull request")
		}
		if isOpen(item) && item.Get("destination.branch.name").String() == base {
			byID[item.Get("id").Int()] = item
		}
		return nil
	})
	out := make([]gjson.Result, 0, len(byID))
	for _, item := range byID {
		out = append(out, item)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Get("id").Int() < out[j].Get("id").Int() })
	return out, r.named(err, r.missing().Error())
}

// Pull implements driver.PullRequester.
func (r *Repo) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	list := r.pullList(`state = "OPEN"`, is("source.branch.name", head), is("destination.branch.name", base))
	found, err := r.openPulls(ctx, list, base)
	if err != nil {
		return driver.Pull{}, err
	}
	for _, item := range found {
		if p := r.decodePull(item); p.Head == head && p.Fork == "" {
			return r.whole(ctx, item)
		}
	}
	return driver.Pull{}, cmserr.New(cmserr.NotFound, "There is no pull request of the branch “"+head+"”.")
}

// whole reads a pull request of a branch of this repository, with its head and labels.
func (r *Repo) whole(ctx context.Context, item gjson.Result) (driver.Pull, error) {
	out := []driver.Pull{r.decodePull(item)}
	heads := map[string]listedBranch{}
	if head, err := r.headNow(ctx, out[0].Head); err == nil {
		heads[out[0].Head] = listedBranch{Branch: driver.Branch{Head: head}}
	} else if !cmserr.Is(err, cmserr.NotFound) {
		return driver.Pull{}, err
	}
	err := r.complete(ctx, out, []gjson.Result{item}, heads)
	return out[0], err
}

// complete adds what a pull request does not tell itself: all of its head's id, and its
// labels, which are comments.
func (r *Repo) complete(ctx context.Context, pulls []driver.Pull, items []gjson.Result, heads map[string]listedBranch) error {
	return rest.Together(ctx, len(pulls), func(ctx context.Context, i int) (err error) {
		p := &pulls[i]
		if head := heads[p.Head].Head; p.Fork == "" && head != "" {
			p.HeadCommit = head
		} else if p.HeadCommit, err = r.fullID(ctx, p.HeadCommit); err != nil {
			return err
		}
		p.Labels, err = r.labelsOf(ctx, items[i])
		return err
	})
}

// fullID is all of a commit's id, of which pull requests tell twelve digits.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commit-commit-get
func (r *Repo) fullID(ctx context.Context, beginning string) (string, error) {
	if whole := r.seen.whole(beginning); whole != "" {
		return whole, nil
	}
	v, err := r.api.Get(ctx, r.path("commit", rest.EscapeSegment(beginning))+"?fields=hash")
	switch id := v.Get("hash").String(); {
	case cmserr.Is(err, cmserr.NotFound): // the fork was deleted, and its commits with it
		return beginning, nil
	case err != nil:
		return "", err
	case strings.HasPrefix(id, beginning):
		return id, nil
	}
	return "", misshapen("commit")
}

func isPull(v gjson.Result) bool {
	return rest.Has(v, "id", "state", "source.branch.name", "source.commit.hash", "destination.branch.name")
}

func isOpen(pull gjson.Result) bool { return pull.Get("state").String() == "OPEN" }

// isOurs says whether a pull request is one of this repository's branches.
func isOurs(pull gjson.Result) bool {
	return sameRepo(pull.Get("source.repository.full_name").String(), pull.Get("destination.repository.full_name").String())
}

// decodePull reads a pull request, without its labels, and with the beginning of its head.
func (r *Repo) decodePull(v gjson.Result) driver.Pull {
	author := v.Get("author")
	p := driver.Pull{
		Number: int(v.Get("id").Int()), Title: v.Get("title").String(),
		Head: v.Get("source.branch.name").String(), HeadCommit: v.Get("source.commit.hash").String(),
		Base: v.Get("destination.branch.name").String(), Author: loginOf(author), URL: v.Get("links.html.href").String(),
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updated_on").String())
	if p.Author != "" {
		r.names.Note(p.Author, author.Get("display_name").String())
	}
	if !isOurs(v) {
		p.Fork = v.Get("source.repository.full_name").String()
		if p.Fork == "" {
			p.Fork = "deleted"
		}
	}
	return p
}

// OpenPull implements driver.PullRequester. Bitbucket may answer with one that is there
// already, changed, so it is looked for first.
func (r *Repo) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	if err := r.noPullYet(ctx, p); err != nil {
		return driver.Pull{}, err
	}
	v, err := r.postPull(ctx, p)
	if lost(err) {
		there, findErr := r.Pull(ctx, p.Base, p.Head)
		if !cmserr.Is(findErr, cmserr.NotFound) {
			return there, findErr // the answer alone was lost
		}
		v, err = r.postPull(ctx, p)
	}
	switch {
	case err != nil:
		return driver.Pull{}, err
	case !isPull(v):
		return driver.Pull{}, misshapen("pull request")
	}
	return r.whole(ctx, v)
}

func (r *Repo) noPullYet(ctx context.Context, p driver.NewPull) error {
	_, err := r.Pull(ctx, p.Base, p.Head)
	switch {
	case err == nil:
		return pullExists(p.Head, nil)
	case cmserr.Is(err, cmserr.NotFound):
		return nil
	}
	return err
}

func pullExists(head string, cause error) error {
	return cmserr.Wrap(cmserr.Conflict, cause, "There already is a pull request of “"+head+"”.")
}

// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-post
func (r *Repo) postPull(ctx context.Context, p driver.NewPull) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("title", p.Title).Field("description", p.Body)
	j.Key("source").Object().Key("branch").Object().Field("name", p.Head).EndObject().EndObject()
	j.Key("destination").Object().Key("branch").Object().Field("name", p.Base).EndObject().EndObject()
	j.Key("close_source_branch").Bool(false).EndObject()
	v, err := r.api.Send(ctx, "POST", r.path("pullrequests"), &j)
	said := strings.ToLower(cmserr.From(err).Msg)
	switch {
	case err == nil:
	case strings.Contains(said, "already"):
		err = pullExists(p.Head, err)
	case strings.Contains(said, "branch not found"):
		err = cmserr.Wrap(cmserr.NotFound, err, "There is no branch “"+p.Head+"”, or none “"+p.Base+"” to merge it into.")
	}
	return v, err
}

// pull asks for one pull request by its number.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-get
func (r *Repo) pull(ctx context.Context, number int) (gjson.Result, error) {
	v, err := r.api.Get(ctx, r.pullPath(number)+"?fields="+pullFields)
	if err == nil && !isPull(v) {
		err = misshapen("pull request")
	}
	return v, r.named(err, noSuchPull(number))
}

func (r *Repo) pullPath(number int) string { return r.path("pullrequests", strconv.Itoa(number)) }

func noSuchPull(number int) string {
	return "There is no pull request #" + strconv.Itoa(number) + "."
}

// ClosePull implements driver.PullRequester. One that is declined already stays so.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-decline-post
func (r *Repo) ClosePull(ctx context.Context, number int) error {
	_, err := r.api.Send(ctx, "POST", r.pullPath(number)+"/decline", nil)
	if !lost(err) && !cmserr.Is(err, cmserr.Invalid) {
		return r.named(err, noSuchPull(number))
	}
	v, lookErr := r.pull(ctx, number)
	switch {
	case lookErr != nil:
		return lookErr
	case v.Get("state").String() == "DECLINED":
		return nil
	case isOpen(v) && lost(err):
		_, err = r.api.Send(ctx, "POST", r.pullPath(number)+"/decline", nil)
	}
	return err
}
