package gitlab

import (
	"bytes"
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// start is where a commit begins: on top of its branch, or else at a commit.
type start struct {
	seen  string // the branch's head as it was seen
	at    string // the commit that a branch is made at
	force bool   // also where the branch exists
}

// recorded is a commit that GitLab made.
type recorded struct{ id, parent string }

// record makes a commit. One that is asked for a second time is refused, but for one
// that replaces a branch, which it does by the same.
// https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions
func (r *Repo) record(ctx context.Context, c driver.Commit, from start, at changeset.Places) (recorded, error) {
	actions, err := r.actions(ctx, c, from, at)
	if err == nil && r.api.exact.Load() {
		err = r.exactCommits(ctx, actions)
	}
	if err != nil {
		return recorded{}, err
	}
	var j rest.JSON
	size := 0
	for _, a := range actions {
		size += len(a.data)/2*3 + len(a.path) + len(a.previous) + 128
	}
	j.Grow(size)
	j.Object().Field("branch", c.Branch).Field("commit_message", c.Message)
	if c.Author != nil {
		j.Field("author_name", c.Author.Name).Field("author_email", c.Author.Email)
	}
	j.FieldIf("start_sha", from.at)
	if from.force {
		j.Key("force").Bool(true)
	}
	j.Key("actions").Array()
	for _, a := range actions {
		a.write(&j)
	}
	j.EndArray().EndObject()
	v, err := r.api.Send(ctx, "POST", r.commitsPath(c.Branch), &j)
	switch {
	case err == nil:
	case strings.Contains(cmserr.From(err).Message(), "Cannot find start_sha"):
		return recorded{}, cmserr.Wrap(cmserr.NotFound, err, "There is no commit “"+from.at+"”.")
	case isStale(err) && from.seen != "": // or this is an older server
		r.api.exact.Store(true)
		return recorded{}, err
	default:
		return recorded{}, err
	}
	return decodeCommit(v)
}

func decodeCommit(v gjson.Result) (recorded, error) {
	if !rest.Has(v, "id", "parent_ids") {
		return recorded{}, misshapen("commit")
	}
	return recorded{v.Get("id").String(), v.Get("parent_ids.0").String()}, nil
}

// action is what GitLab is to do with one file.
type action struct {
	do, path   string
	previous   string // of a move
	data       []byte
	content    bool   // data is the file's new content
	executable bool   // of a new file
	seen       string // the commit at which the file was seen, for GitLab to compare
}

func (a action) write(j *rest.JSON) {
	j.Object().Field("action", a.do).Field("file_path", a.path)
	j.FieldIf("previous_path", a.previous).FieldIf("last_commit_id", a.seen)
	switch {
	case !a.content:
	case utf8.Valid(a.data) && bytes.IndexByte(a.data, 0) < 0:
		j.Field("content", string(a.data))
	default:
		j.Key("content").Base64(a.data).Field("encoding", "base64")
	}
	if a.executable {
		j.Key("execute_filemode").Bool(true)
	}
	j.EndObject()
}

// exactCommits names the very commits that changed files last before they were seen.
// Older servers compare with nothing else.
func (r *Repo) exactCommits(ctx context.Context, actions []action) error {
	var at []int
	var places []place
	for i, a := range actions {
		if a.seen != "" {
			at, places = append(at, i), append(places, place{a.seen, cmp.Or(a.previous, a.path)})
		}
	}
	ids, err := r.lastCommits(ctx, places)
	for n, i := range at {
		if err == nil {
			actions[i].seen = ids[n]
		}
	}
	return err
}

// actions says changes in GitLab's words, and in an order in which each finds what it
// needs: GitLab does one after the other. It looks at .gitattributes for new files
// only, so where there is one a file is removed and made anew rather than updated.
func (r *Repo) actions(ctx context.Context, c driver.Commit, from start, at changeset.Places) ([]action, error) {
	anew, err := r.hasAttributes(ctx, from.seen+from.at, c.Changes)
	if err != nil {
		return nil, err
	}
	var removed, moved, put []action
	for _, ch := range c.Changes {
		old := ch.Path
		if ch.Op == driver.Move {
			old = ch.From
		}
		was := at[old].Entry
		write := action{do: "create", path: ch.Path, data: ch.Data, content: true, executable: was.Mode == driver.ModeExecutable}
		remove := action{do: "delete", path: old, seen: from.seen}
		file := was.Mode == driver.ModeRegular || was.Mode == driver.ModeExecutable
		switch {
		case ch.Op == driver.Delete:
			removed = append(removed, remove)
		case ch.Op == driver.Put && !at[ch.Path].IsFile():
			write.executable = false
			put = append(put, write)
		case anew && file && ch.Data != nil:
			removed, put = append(removed, remove), append(put, write)
		case ch.Op == driver.Put:
			put = append(put, action{do: "update", path: ch.Path, data: ch.Data, content: true, seen: from.seen})
		case changeset.Covers(ch.Path, ch.From): // there is no moment at which both can be
			if write.data, err = r.carried(ctx, ch, from, was); err != nil {
				return nil, err
			}
			removed, put = append(removed, remove), append(put, write)
		default:
			moved = append(moved, action{do: "move", path: ch.Path, previous: ch.From, seen: from.seen,
				data: ch.Data, content: ch.Data != nil})
		}
	}
	return append(append(removed, moved...), put...), nil
}

// carried is the content of a file after a move.
func (r *Repo) carried(ctx context.Context, ch driver.Change, from start, was driver.TreeEntry) ([]byte, error) {
	if ch.Data != nil {
		return ch.Data, nil
	}
	return r.raw(ctx, driver.BlobRef{ID: was.ID, Path: ch.From, Commit: from.seen + from.at})
}
