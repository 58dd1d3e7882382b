package bitbucket

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// Relabel implements driver.Labeler. Bitbucket has no labels: a comment says the one that
// a pull request has from then on. Comments stay, but for those that say what is to go
// without anything in its place.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-post
func (r *Repo) Relabel(ctx context.Context, number int, add, remove []string) error {
	defer r.written.forget(number)
	if len(add) == 0 {
		return r.unlabel(ctx, number, remove)
	}
	label := add[len(add)-1]
	if !slices.Contains(r.labels, label) {
		return cmserr.New(cmserr.Invalid, "“"+label+"” is none of the labels that comments are known by.")
	}
	err := r.comment(ctx, number, label)
	if !lost(err) {
		return r.named(err, noSuchPull(number))
	}
	if newest, lookErr := r.label(ctx, number); lookErr != nil || newest == label {
		return lookErr
	}
	return r.comment(ctx, number, label)
}

func (r *Repo) comment(ctx context.Context, number int, text string) error {
	var j rest.JSON
	j.Object().Key("content").Object().Field("raw", text).EndObject().EndObject()
	_, err := r.api.Send(ctx, "POST", r.pullPath(number)+"/comments", &j)
	return err
}

// unlabel deletes the comments that say a label, if that is the one that counts.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-comment-id-delete
func (r *Repo) unlabel(ctx context.Context, number int, remove []string) error {
	newest, err := r.label(ctx, number)
	if err != nil || !slices.Contains(remove, newest) {
		return err
	}
	var ids []string
	err = r.eachComment(ctx, number, func(c gjson.Result) bool {
		if slices.Contains(r.labels, labelText(c)) {
			ids = append(ids, c.Get("id").String())
		}
		return true
	})
	for _, id := range ids {
		if err == nil {
			_, err = r.api.Send(ctx, "DELETE", r.pullPath(number)+"/comments/"+rest.EscapeSegment(id), nil, rest.Repeatable)
		}
		if cmserr.Is(err, cmserr.NotFound) {
			err = nil
		}
	}
	return err
}

// label finds the newest comment that is a label, "" if there is none. Comments are asked
// for from the newest on, so among hundreds one page mostly does; where they come in
// another order, all of them count.
func (r *Repo) label(ctx context.Context, number int) (string, error) {
	newest, since, last, descending := "", "", "", true
	err := r.eachComment(ctx, number, func(c gjson.Result) bool {
		at := c.Get("created_on").String() // all have one form, so they compare as texts
		descending = descending && (last == "" || at <= last)
		last = at
		if text := labelText(c); slices.Contains(r.labels, text) && at > since {
			newest, since = text, at
		}
		return newest == "" || !descending
	})
	return newest, err
}

// eachComment reads the comments of a pull request, the newest first, until do says that
// no more are needed than those of the page.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-get
func (r *Repo) eachComment(ctx context.Context, number int, do func(gjson.Result) (more bool)) error {
	path := r.pullPath(number) + "/comments" + rest.Query("sort", "-created_on", "pagelen", pageSize,
		"fields", "next,values.id,values.content.raw,values.deleted,values.created_on")
	for pages := 0; path != ""; pages++ {
		values, next, err := r.api.page(ctx, path)
		switch {
		case err != nil:
			return r.named(err, noSuchPull(number))
		case pages == rest.DefaultMaxPages || next == path:
			return endless()
		}
		more := true
		for _, c := range values.Array() {
			more = do(c)
		}
		if path = next; !more {
			return nil
		}
	}
	return nil
}

// labelText is what a comment says, "" if it was deleted.
func labelText(comment gjson.Result) string {
	if comment.Get("deleted").Bool() {
		return ""
	}
	return strings.TrimSpace(comment.Get("content.raw").String())
}

// labelsOf is the label of a pull request that was listed.
func (r *Repo) labelsOf(ctx context.Context, pull gjson.Result) ([]string, error) {
	number := int(pull.Get("id").Int())
	count := pull.Get("comment_count")
	if count.Exists() && count.Int() == 0 {
		return nil, nil
	}
	state := count.String() + " " + pull.Get("updated_on").String()
	text, known := r.written.get(number, state)
	if !known {
		var err error
		if text, err = r.label(ctx, number); err != nil {
			return nil, err
		}
		r.written.set(number, state, text)
	}
	if text == "" {
		return nil, nil
	}
	return []string{text}, nil
}

// labelMemo remembers the labels of pull requests by their state: a comment changes how
// many there are, and when it was updated.
type labelMemo struct {
	mu    sync.Mutex
	known map[int]knownLabel // by number
}

type knownLabel struct{ state, text string }

func (m *labelMemo) get(number int, state string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.known[number]
	return k.text, ok && k.state == state
}

func (m *labelMemo) set(number int, state, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[int]knownLabel{}
	}
	m.known[number] = knownLabel{state, text}
}

func (m *labelMemo) forget(number int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, number)
}
