package testrepo

import (
	"context"
	"maps"
	"strconv"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// MergePull implements driver.PullRequester.
func (r *Repo) MergePull(ctx context.Context, number int, m driver.Merge) error {
	return r.writing(ctx, func() error {
		p, err := r.pull(number)
		if err != nil {
			return err
		}
		name := "Pull request #" + strconv.Itoa(number)
		if p.state != pullOpen {
			return fail(cmserr.Conflict, name+" is no longer open.")
		}
		// Both branches are there: deleting one closes its pull requests.
		base, head := r.branches[p.base], r.branches[p.head]
		if head.id != m.ExpectedHead {
			return fail(cmserr.Conflict, name+" has changed since it was reviewed.")
		}
		files, clashing := mergeTrees(mergeBase(base, head).files, base.files, head.files)
		if len(clashing) > 0 {
			return conflict(clashing, name+" and '"+p.base+"' have both changed the same files.")
		}
		parents := []*commit{base, head}
		if m.Squash {
			parents = parents[:1]
		}
		message := m.Message
		if message == "" {
			message = p.title
		}
		r.advance(p.base, r.record(files, nil, message, parents...))
		p.state, p.updated = pullMerged, r.now()
		return nil
	})
}

// mergeTrees gives each path the content of the side that changed it since fork.
// What both changed differently is clashing, and so is a file of one side that
// stands where the other has a directory.
func mergeTrees(fork, ours, theirs tree) (merged tree, clashing []string) {
	merged = maps.Clone(ours)
	var taken []string
	for path, their := range theirs {
		switch was := fork[path]; {
		case their == was || their == ours[path]:
		case ours[path] == was:
			merged[path] = their
			taken = append(taken, path)
		default:
			clashing = append(clashing, path)
		}
	}
	for path, was := range fork {
		if _, kept := theirs[path]; kept {
			continue
		}
		switch our, stays := ours[path]; {
		case stays && our == was:
			delete(merged, path)
		case stays:
			clashing = append(clashing, path)
		}
	}
	for _, path := range taken {
		if merged.isDir(path) || merged.fileAbove(path) != "" {
			clashing = append(clashing, path)
		}
	}
	return merged, clashing
}
