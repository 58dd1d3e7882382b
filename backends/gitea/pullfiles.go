package gitea

import (
	"context"
	"strconv"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/gitid"
	"mooring/backends/rest"
)

// fewPulls are so few that comparing each is no more work than asking for all their heads.
const fewPulls = 2

// PullFiles implements driver.PullFiler. Neither Gitea nor Forgejo tells of more than one
// pull request what it changes, nor gives files of more than one commit, in one answer:
// what there is for many, lists of pull requests, branches and refs, has no files, and
// what has files (compare, trees, file-contents, archives, diffs) is of one commit or
// pull request. The least is therefore a request for each: its diff, which has the paths,
// the first digits of the ids, and the texts, so that reading those then costs none.
func (r *Repo) PullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	heads, err := r.pullHeads(ctx, len(pulls))
	if err != nil {
		return nil, err
	}
	files := make([][]driver.FileDiff, len(pulls))
	diffs := make([][]delta, len(pulls))
	err = rest.Together(ctx, len(pulls), func(ctx context.Context, i int) (err error) {
		p := pulls[i]
		if heads[p.Number] == p.HeadCommit {
			if diffs[i], err = r.pullDiff(ctx, p.Number); err != nil || diffs[i] != nil {
				return err
			}
		}
		c, err := r.Compare(ctx, p.Base, p.HeadCommit)
		files[i] = append([]driver.FileDiff{}, c.Files...)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := r.rebuild(ctx, pulls, diffs); err != nil {
		return nil, err
	}
	err = rest.Together(ctx, len(pulls), func(ctx context.Context, i int) (err error) {
		if files[i] == nil {
			files[i], err = r.identify(ctx, pulls[i].HeadCommit, diffs[i])
		}
		return err
	})
	return files, err
}

// pullHeads tells where the server's own copies of the branches of pull requests are, by
// number. Diffs are made of those, and they follow a push a moment later: one that is
// elsewhere must not be taken for what the branch holds now.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoListGitRefs
func (r *Repo) pullHeads(ctx context.Context, pulls int) (map[int]string, error) {
	if pulls <= fewPulls {
		return nil, nil
	}
	v, err := r.api.Get(ctx, r.path("git", "refs", "pull"))
	if cmserr.Is(err, cmserr.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	heads := map[int]string{}
	for _, ref := range v.Array() {
		name := strings.Split(ref.Get("ref").String(), "/") // refs/pull/1/head
		if len(name) != 4 || name[3] != "head" {
			continue
		}
		if number, err := strconv.Atoi(name[2]); err == nil {
			heads[number] = ref.Get("object.sha").String()
		}
	}
	return heads, nil
}

// pullDiff is what a pull request changes: nil if the server can't tell that by a diff.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoDownloadPullDiffOrPatch
func (r *Repo) pullDiff(ctx context.Context, number int) ([]delta, error) {
	url := r.path("pulls", strconv.Itoa(number)+".diff")
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: url, Header: rest.Header{"accept": "text/plain"}})
	if cmserr.From(err).Status == 500 || noRoute(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	diff, ok := parseDiff(string(res.Body))
	if !ok {
		return nil, nil
	}
	return diff, nil
}

// rebuild makes the texts that pull requests change: of those that they add, all is in
// the diff; of others, what it is to be applied to is read as it is on the base branch.
func (r *Repo) rebuild(ctx context.Context, pulls []driver.Pull, diffs [][]delta) error {
	changed := map[string][]*delta{} // by base branch
	for i, diff := range diffs {
		for k := range diff {
			d := &diff[k]
			switch {
			case d.status == driver.Added:
				r.solve(d, nil, pulls[i].HeadCommit)
			case d.status != driver.Deleted && len(d.hunks) > 0:
				changed[pulls[i].Base] = append(changed[pulls[i].Base], d)
			}
		}
	}
	for base, deltas := range changed {
		head, err := r.Head(ctx, base)
		if err != nil {
			return err
		}
		if err := r.rebuildFrom(ctx, head, deltas); err != nil {
			return err
		}
	}
	return nil
}

// rebuildFrom applies diffs to the files of a commit, as far as those are the ones that
// they were made of.
func (r *Repo) rebuildFrom(ctx context.Context, commit string, deltas []*delta) error {
	paths := make([]string, len(deltas))
	for i, d := range deltas {
		paths[i] = d.oldPath
	}
	there, err := changeset.Look(ctx, r, commit, paths)
	if err != nil {
		return err
	}
	var refs []driver.BlobRef
	var same []*delta
	for _, d := range deltas {
		if id := there[d.oldPath].Entry.ID; d.oldID != "" && strings.HasPrefix(id, d.oldID) {
			refs = append(refs, driver.BlobRef{ID: id, Path: d.oldPath, Commit: commit})
			same = append(same, d)
		}
	}
	texts, err := r.Blobs(ctx, refs)
	if err != nil {
		return err
	}
	for i, d := range same {
		r.solve(d, texts[i], commit)
	}
	return nil
}

// solve makes a file's new text of the old one, and believes it if it has the id that the
// diff tells the beginning of.
func (r *Repo) solve(d *delta, old []byte, like string) {
	text, ok := d.apply(old)
	if !ok || d.newID == "" {
		return
	}
	if id := gitid.Blob(text, like); strings.HasPrefix(id, d.newID) {
		d.id = id
		r.texts.note(id, text)
	}
}

// identify fills in the ids that the diff does not tell, from the folders at the head.
func (r *Repo) identify(ctx context.Context, head string, diff []delta) ([]driver.FileDiff, error) {
	var unknown []string
	for _, d := range diff {
		if d.id == "" && d.status != driver.Deleted {
			unknown = append(unknown, d.path)
		}
	}
	there, err := changeset.Look(ctx, r, head, unknown)
	if err != nil {
		return nil, err
	}
	files := make([]driver.FileDiff, 0, len(diff))
	for _, d := range diff {
		f := driver.FileDiff{Status: d.status, Path: d.path, ID: d.id}
		if d.status == driver.Renamed {
			f.OldPath = d.oldPath
		}
		if f.ID == "" && d.status != driver.Deleted {
			f.ID = there[d.path].Entry.ID
			if f.ID == "" {
				return nil, at(misshapen("file of the pull request"), d.path)
			}
			if d.status == driver.Renamed && len(d.hunks) == 0 {
				f.OldID = f.ID
			}
		}
		files = append(files, f)
	}
	driver.SortFiles(files)
	return files, nil
}
