package gitea

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// LastChanges implements driver.MetadataReader. Newer servers tell of many files which
// commit changed each last; by whom, the list of the newest commits tells of most.
// Older ones are asked for each file.
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	ids, err := r.lastCommits(ctx, commit, paths)
	if err == nil && len(ids) == 0 || cmserr.Is(err, cmserr.Forbidden) {
		return r.historiesOneByOne(ctx, commit, paths)
	}
	if err != nil {
		return nil, err
	}
	by, err := r.commitsByID(ctx, commit, ids)
	if err != nil {
		return nil, err
	}
	out := make([]driver.LastChange, len(paths))
	for i, id := range ids {
		out[i] = by[id]
	}
	return out, nil
}

// lastCommits are the ids of the commits that changed paths last, "" for none; nothing
// from a server that does not tell.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetFileContentsPost
func (r *Repo) lastCommits(ctx context.Context, commit string, paths []string) ([]string, error) {
	places := make([]int, len(paths))
	for i := range places {
		places[i] = i
	}
	return inBatches(ctx, &r.api.files, r.api.fileSizes, places, func(ctx context.Context, places []int) ([]string, error) {
		ids := make([]string, 0, len(places))
		for len(ids) < len(places) {
			var some []string
			for _, i := range places[len(ids):] {
				some = append(some, paths[i])
			}
			files, err := r.postFiles(ctx, commit, some)
			if err != nil {
				return nil, err
			}
			for _, f := range files {
				ids = append(ids, f.Get("last_commit_sha").String())
			}
		}
		return ids, nil
	})
}

// commitsByID tells who made commits, and when. The newest fifty of the history come in
// one answer; each other one costs a request.
func (r *Repo) commitsByID(ctx context.Context, head string, ids []string) (map[string]driver.LastChange, error) {
	by := map[string]driver.LastChange{"": {}}
	newest, err := r.history(ctx, head, "")
	if err != nil {
		return nil, err
	}
	for _, c := range newest {
		by[c.Get("sha").String()] = decodeChange(c)
	}
	var others []string
	for _, id := range ids {
		if _, known := by[id]; !known {
			others = append(others, id)
			by[id] = driver.LastChange{}
		}
	}
	found := make([]driver.LastChange, len(others))
	err = rest.Together(ctx, len(others), func(ctx context.Context, i int) error {
		v, err := r.api.Get(ctx, r.path("git", "commits", others[i])+brief)
		found[i] = decodeChange(v)
		return err
	})
	for i, id := range others {
		by[id] = found[i]
	}
	return by, err
}

// brief leaves out of commits what costs the server time.
const brief = "?stat=false&verification=false&files=false"

// history lists the newest commits at or before one, those that changed a path if one is
// given. The server has none of a path that never was there.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetAllCommits
func (r *Repo) history(ctx context.Context, head, path string) ([]gjson.Result, error) {
	query := rest.Query("sha", head, "path", path, "limit", "50")
	v, err := r.api.Get(ctx, r.path("commits")+brief+"&"+query[1:])
	if path != "" && cmserr.Is(err, cmserr.NotFound) {
		return nil, nil
	}
	return v.Array(), err
}

// historiesOneByOne asks for each file; the governor limits how many at once.
func (r *Repo) historiesOneByOne(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out := make([]driver.LastChange, len(paths))
	err := rest.Together(ctx, len(paths), func(ctx context.Context, i int) error {
		commits, err := r.history(ctx, commit, paths[i])
		if len(commits) > 0 {
			out[i] = decodeChange(commits[0])
		}
		return err
	})
	return out, err
}

// decodeChange reads a commit's author. People know each other by their names.
func decodeChange(commit gjson.Result) driver.LastChange {
	author := commit.Get("commit.author")
	c := driver.LastChange{Author: author.Get("name").String()}
	if c.Author == "" {
		c.Author = commit.Get("author.login").String()
	}
	c.Date, _ = rest.ParseTime(author.Get("date").String())
	return c
}
