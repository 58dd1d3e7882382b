package testrepo

import (
	"context"
	"sort"

	"mooring/backends/driver"
)

// Compare implements driver.Comparer. A file that moved unchanged is Renamed; one
// that was also edited is a Deleted and an Added one.
func (r *Repo) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	var out driver.Comparison
	err := r.reading(ctx, func() error {
		from, err := r.find(base)
		if err != nil {
			return err
		}
		to, err := r.find(head)
		if err != nil {
			return err
		}
		fork := mergeBase(from, to)
		out.MergeBase = fork.id
		out.Files = diff(fork.files, to.files)
		known := ancestors(from)
		for c := range ancestors(to) {
			if !known[c] {
				out.Authors = append(out.Authors, c.author.Name)
			}
		}
		return nil
	})
	return out, err
}

// mergeBase is the newest commit that both have. There is one, for all commits
// descend from the first; and as a commit is numbered after its parents, no other
// common one descends from the one with the highest number.
func mergeBase(a, b *commit) *commit {
	ofA := ancestors(a)
	var best *commit
	for c := range ancestors(b) {
		if ofA[c] && (best == nil || c.seq > best.seq) {
			best = c
		}
	}
	return best
}

// ancestors are the commit itself and all before it.
func ancestors(c *commit) map[*commit]bool {
	seen := map[*commit]bool{c: true}
	for next := []*commit{c}; len(next) > 0; {
		last := next[len(next)-1]
		next = next[:len(next)-1]
		for _, p := range last.parents {
			if !seen[p] {
				seen[p] = true
				next = append(next, p)
			}
		}
	}
	return seen
}

// diff lists what differs between two trees, sorted by path.
func diff(from, to tree) []driver.FileDiff {
	diffs := []driver.FileDiff{}
	gone := map[file][]string{}
	for _, path := range sortedPaths(from) {
		if _, stays := to[path]; !stays {
			gone[from[path]] = append(gone[from[path]], path)
		}
	}
	for _, path := range sortedPaths(to) {
		f := to[path]
		old, existed := from[path]
		switch {
		case old == f:
		case existed:
			diffs = append(diffs, driver.FileDiff{Status: driver.Modified, Path: path, ID: f.id, OldID: old.id})
		case len(gone[f]) > 0:
			diffs = append(diffs, driver.FileDiff{
				Status: driver.Renamed, Path: path, OldPath: gone[f][0], ID: f.id, OldID: f.id,
			})
			gone[f] = gone[f][1:]
		default:
			diffs = append(diffs, driver.FileDiff{Status: driver.Added, Path: path, ID: f.id})
		}
	}
	for f, paths := range gone {
		for _, path := range paths {
			diffs = append(diffs, driver.FileDiff{Status: driver.Deleted, Path: path, OldID: f.id})
		}
	}
	sort.Slice(diffs, func(i, j int) bool { return diffs[i].Path < diffs[j].Path })
	return diffs
}
