package bitbucket

import (
	"context"
	"errors"

	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
)

// errUnknown says that a listing is not remembered. It never leaves here.
var errUnknown = errors.New("not listed yet")

// listed is what is remembered of a folder: ok says whether that is everything in it.
func (r *Repo) listed(commit, dir string) (entries []driver.TreeEntry, ok bool) {
	entries, err := r.trees.Tree(commit, dir, false, func() ([]driver.TreeEntry, error) { return nil, errUnknown })
	return entries, err == nil
}

// look finds what a commit has at paths, as changeset.Look does. It lists no folder for
// that: one with a thousand entries costs ten requests, a path of which nothing is known
// one.
func (r *Repo) look(ctx context.Context, commit string, paths []string) (changeset.Places, error) {
	places := changeset.Places{}
	at := map[string]string{} // what is looked at on behalf of each path: itself, then the folders above
	for _, p := range paths {
		at[p] = p
	}
	for len(at) > 0 {
		found, err := r.find(ctx, commit, at)
		if err != nil {
			return nil, err
		}
		for p, there := range at {
			e, ok := found[there]
			switch above := parent(there); {
			case ok && there == p:
				places[p] = changeset.Place{Entry: e}
			case ok && !e.IsDir():
				places[p] = changeset.Place{Above: there}
			case ok, above == "", r.isListed(commit, above):
				places[p] = changeset.Place{}
			default:
				at[p] = above // the folder may not be there; a file may be, in its place
				continue
			}
			delete(at, p)
		}
	}
	return places, nil
}

func (r *Repo) isListed(commit, dir string) bool {
	_, ok := r.listed(commit, dir)
	return ok
}

// find finds what is looked at: in listings that are remembered, or else by asking.
func (r *Repo) find(ctx context.Context, commit string, at map[string]string) (map[string]driver.TreeEntry, error) {
	known := map[string]driver.TreeEntry{}
	seen := map[string]bool{}
	var unknown []string
	for _, p := range at {
		if seen[p] {
			continue
		}
		seen[p] = true
		entries, ok := r.listed(commit, parent(p))
		if !ok {
			unknown = append(unknown, p)
			continue
		}
		for _, e := range entries {
			if e.Path == p {
				known[p] = e
			}
		}
	}
	found, err := r.ask(ctx, commit, unknown)
	for p, e := range known {
		found[p] = e
	}
	return found, err
}
