package github

import (
	"context"
	"strconv"
	"unicode/utf8"

	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
	"mooring/backends/rfc3339"
)

// maxInline is how many bytes of text one tree takes along: GitHub answers 502 to
// trees of some megabytes.
const maxInline = 1 << 20

// record makes a commit on base that no branch points to yet.
// https://docs.github.com/en/rest/git/commits#create-a-commit
func (r *Repo) record(ctx context.Context, c driver.Commit, base string, at changeset.Places) (string, error) {
	ids, err := r.upload(ctx, c.Changes)
	if err != nil {
		return "", err
	}
	tree, err := r.object(ctx, "trees", treeBody(c.Changes, base, at, ids))
	if err != nil {
		return "", err
	}
	var j rest.JSON
	j.Object().Field("message", c.Message).Field("tree", tree)
	j.Key("parents").Array().String(base).EndArray()
	if c.Author != nil {
		j.Key("author").Object().Field("name", c.Author.Name).Field("email", c.Author.Email)
		j.FieldIf("date", rfc3339.Format(c.Author.Date)).EndObject()
	}
	return r.object(ctx, "commits", j.EndObject())
}

// object makes a Git object and answers with its id. What is made twice is the
// same object, or one that nothing points to.
func (r *Repo) object(ctx context.Context, kind string, body *rest.JSON) (string, error) {
	v, err := r.api.Send(ctx, "POST", r.path("git", kind), body, rest.Repeatable)
	if err != nil {
		return "", err
	}
	if !rest.Has(v, "sha") {
		return "", misshapen("id")
	}
	return v.Get("sha").String(), nil
}

// upload stores the contents that don't fit into a tree: by index, "" for one that
// does.
// https://docs.github.com/en/rest/git/blobs#create-a-blob
func (r *Repo) upload(ctx context.Context, changes []driver.Change) ([]string, error) {
	ids := make([]string, len(changes))
	var apart []int
	inline := 0
	for i, ch := range changes {
		switch fits := inline+len(ch.Data) <= maxInline && utf8.Valid(ch.Data); {
		case ch.Data == nil:
		case fits:
			inline += len(ch.Data)
		default:
			apart = append(apart, i)
		}
	}
	err := rest.Together(ctx, len(apart), func(ctx context.Context, n int) (err error) {
		ch := changes[apart[n]]
		var j rest.JSON
		j.Object().Key("content").Base64(ch.Data).Field("encoding", "base64").EndObject()
		if ids[apart[n]], err = r.object(ctx, "blobs", &j); err != nil {
			return at(err, ch.Path)
		}
		return nil
	})
	return ids, err
}

// treeBody says the changes as entries of a tree over that of base: with a blob's
// id or text, or with null for what goes.
// https://docs.github.com/en/rest/git/trees#create-a-tree
func treeBody(changes []driver.Change, base string, at changeset.Places, ids []string) *rest.JSON {
	var j rest.JSON
	j.Object().Field("base_tree", base).Key("tree").Array()
	for i, ch := range changes {
		switch ch.Op {
		case driver.Delete:
			removal(&j, ch.Path, changes)
			continue
		case driver.Move:
			removal(&j, ch.From, changes)
		}
		was := at[ch.Path].Entry
		if ch.Op == driver.Move {
			was = at[ch.From].Entry
		}
		mode := driver.ModeRegular
		if was.Mode != 0 && !was.IsDir() {
			mode = was.Mode
		}
		entry(&j, ch.Path, mode)
		switch {
		case ids[i] != "":
			j.Field("sha", ids[i])
		case ch.Data == nil && ch.Op == driver.Move:
			j.Field("sha", was.ID)
		default:
			j.Field("content", string(ch.Data))
		}
		j.EndObject()
	}
	return j.EndArray().EndObject()
}

// removal removes a file, unless another change puts something where it was.
func removal(j *rest.JSON, path string, changes []driver.Change) {
	for _, ch := range changes {
		if ch.Op != driver.Delete && changeset.Covers(ch.Path, path) {
			return
		}
	}
	entry(j, path, driver.ModeRegular)
	j.Key("sha").Null().EndObject()
}

// entry begins a tree's entry.
func entry(j *rest.JSON, path string, mode driver.Mode) {
	kind := "blob"
	if mode == driver.ModeSubmodule {
		kind = "commit"
	}
	octal := strconv.FormatUint(uint64(mode), 8)
	j.Object().Field("path", path).Field("mode", octal).Field("type", kind)
}
