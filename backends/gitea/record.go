package gitea

import (
	"cmp"
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
	"mooring/backends/rfc3339"
)

// target is where a commit goes: on top of a branch, or of a copy of it under a fresh
// name.
type target struct{ branch, fresh string }

// committed is a commit that was made, and what it was made on.
type committed struct{ head, parent string }

// write makes a commit, in the way that can say it: as files, which the server keeps
// in Git LFS where .gitattributes says so, or else as a patch.
func (r *Repo) write(ctx context.Context, c driver.Commit, to target, at changeset.Places) (committed, error) {
	if needsPatch(c.Changes, at) {
		return r.apply(ctx, c, to, at)
	}
	renames := false
	if carries(c.Changes) {
		server, err := r.api.serverVersion(ctx)
		if err != nil {
			return committed{}, err
		}
		if renames = server.renames(); !renames {
			if c.Changes, err = r.carried(ctx, c, at); err != nil {
				return committed{}, err
			}
		}
	}
	return r.post(ctx, "contents", c, to, func(j *rest.JSON) {
		j.Key("files").Array()
		for _, ch := range c.Changes {
			operation(j, ch, at)
		}
		j.EndArray()
	})
}

// operation says one change. A file that is there comes with its id: without, the
// server takes whatever is there now.
func operation(j *rest.JSON, ch driver.Change, at changeset.Places) {
	j.Object()
	there := at[ch.Path].Entry
	switch {
	case ch.Op == driver.Delete:
		j.Field("operation", "delete").Field("sha", there.ID)
	case ch.Op == driver.Move:
		kind := "update"
		if ch.Data == nil {
			kind = "rename"
		}
		j.Field("operation", kind).Field("from_path", ch.From).Field("sha", at[ch.From].Entry.ID)
	case at[ch.Path].IsFile():
		j.Field("operation", "update").Field("sha", there.ID)
	default:
		j.Field("operation", "create")
	}
	if ch.Op == driver.Put || ch.Data != nil {
		j.Key("content").Base64(ch.Data)
	}
	j.Field("path", ch.Path).EndObject()
}

// post sends a commit.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoChangeFiles
func (r *Repo) post(ctx context.Context, endpoint string, c driver.Commit, to target, changes func(*rest.JSON)) (committed, error) {
	var j rest.JSON
	size := 1 << 10
	for _, ch := range c.Changes {
		size += len(ch.Data)/3*4 + len(ch.Path) + len(ch.From) + 128
	}
	j.Grow(size)
	j.Object().Field("branch", to.branch).FieldIf("new_branch", to.fresh).Field("message", c.Message)
	if c.Author != nil {
		j.Key("author").Object().Field("name", c.Author.Name).Field("email", c.Author.Email).EndObject()
		if date := rfc3339.Format(c.Author.Date); date != "" {
			now := rfc3339.Format(r.api.clock.Now())
			j.Key("dates").Object().Field("author", date).Field("committer", now).EndObject()
		}
	}
	changes(&j)
	v, err := r.api.Send(ctx, "POST", r.path(endpoint), j.EndObject())
	if err != nil {
		return committed{}, err
	}
	return decodeCommitted(v)
}

func decodeCommitted(v gjson.Result) (committed, error) {
	made := committed{head: v.Get("commit.sha").String(), parent: v.Get("commit.parents.0.sha").String()}
	if made.head == "" {
		return made, misshapen("commit")
	}
	return made, nil
}

// carries says whether a file is moved without content.
func carries(changes []driver.Change) bool {
	for _, ch := range changes {
		if ch.Op == driver.Move && ch.Data == nil {
			return true
		}
	}
	return false
}

// carried reads the content of the files that are moved without. Of one that is kept in
// Git LFS that is what its pointer stands for: the server makes the pointer anew.
func (r *Repo) carried(ctx context.Context, c driver.Commit, at changeset.Places) ([]driver.Change, error) {
	commit := cmp.Or(c.ExpectedHead, c.Base)
	changes := append([]driver.Change(nil), c.Changes...)
	err := rest.Together(ctx, len(changes), func(ctx context.Context, i int) error {
		ch := &changes[i]
		if ch.Op != driver.Move || ch.Data != nil {
			return nil
		}
		data, err := r.raw(ctx, "media", driver.BlobRef{Path: ch.From, Commit: commit})
		if err == nil && len(data) == 0 && at[ch.From].Entry.Size > 0 {
			err = cmserr.New(cmserr.Network, "The server sent nothing instead of the file that is to be moved. Try again.")
		}
		ch.Data = data
		return err
	})
	return changes, err
}
