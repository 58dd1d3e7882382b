package fakebitbucket

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// span is what a diff is of: the files of to against those of from, which is zero
// for a first commit.
type span struct {
	from, to plumbing.Hash
	files    []fakehost.FileChange
}

// span reads a spec: one commit, against its first parent, or two, the NEWER
// first. With topic=false they are compared as they are. Otherwise the newer one
// is compared with what both have in common: that is so for topic=true, and the
// fake takes it for the default, too, which is not known since the parameter
// merge was removed in September 2026. Older pull requests' links have two
// commits with %0D between them and the repository's name in front.
func (c *call) span(spec string) (span, error) {
	spec = strings.TrimPrefix(spec, c.repo.FullName()+":")
	newer, older, two := strings.Cut(spec, "\r")
	if !two {
		newer, older, two = strings.Cut(spec, "..")
	}
	to, err := c.commitOf(newer)
	if err != nil {
		return span{}, err
	}
	if !two {
		return c.parentSpan(to)
	}
	from, err := c.commitOf(older)
	if err != nil {
		return span{}, err
	}
	if c.param("topic") != "false" {
		base, found, err := c.repo.MergeBase(to, from)
		if err != nil {
			return span{}, err
		}
		if found {
			from = base
		}
	}
	return c.spanOf(from, to)
}

func (c *call) parentSpan(id plumbing.Hash) (span, error) {
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return span{}, err
	}
	if len(commit.ParentHashes) > 0 {
		return c.spanOf(commit.ParentHashes[0], id)
	}
	files, err := c.repo.Diff(id)
	return c.narrowed(span{to: id, files: files}), err
}

func (c *call) spanOf(from, to plumbing.Hash) (span, error) {
	diff := c.repo.DiffTrees
	if c.param("renames") == "false" {
		diff = c.repo.DiffTreesPlainly
	}
	files, err := diff(from, to)
	return c.narrowed(span{from, to, files}), err
}

// narrowed applies the parameter path.
func (c *call) narrowed(s span) span {
	paths := c.params["path"]
	if len(paths) == 0 {
		return s
	}
	s.files = slices.DeleteFunc(s.files, func(f fakehost.FileChange) bool {
		return !slices.ContainsFunc(paths, func(path string) bool { return within(f.Path, path) || within(f.OldPath(), path) })
	})
	return s
}

// within says whether a file is path, or below it.
func within(file, path string) bool {
	path = strings.Trim(path, "/")
	return file == path || strings.HasPrefix(file, path+"/")
}

// getDiff is a diff as Git writes it
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-diff-spec-get).
func getDiff(c *call) (*answer, error) {
	s, err := c.span(c.path["spec"])
	if err != nil {
		return nil, err
	}
	return c.diffText(s)
}

func (c *call) diffText(s span) (*answer, error) {
	var text strings.Builder
	for _, f := range s.files {
		p, err := f.Patch()
		if err != nil {
			return nil, err
		}
		writeDiff(&text, f, p)
	}
	return &answer{raw: []byte(text.String()), mime: "text/plain", header: map[string]string{"Cache-Control": "must-revalidate, max-age=0"}}, nil
}

// writeDiff writes one file's part. Of binary files it only says that they differ.
func writeDiff(w *strings.Builder, f fakehost.FileChange, p fakehost.Patch) {
	before, after := "a/"+f.OldPath(), "b/"+f.Path
	lines := []string{"diff --git " + before + " " + after}
	oldMode, newMode := modeText(f.OldMode), modeText(f.Mode)
	switch {
	case f.Status == "added":
		lines = append(lines, "new file mode "+newMode)
	case f.Status == "removed":
		lines = append(lines, "deleted file mode "+oldMode)
	case f.OldMode != f.Mode:
		lines = append(lines, "old mode "+oldMode, "new mode "+newMode)
	}
	if f.Previous != "" {
		lines = append(lines, "similarity index "+similarity(f), "rename from "+f.Previous, "rename to "+f.Path)
	}
	if f.OldID != f.ID || f.Status == "removed" {
		lines = append(lines, indexLine(f, oldMode, newMode))
	}
	if f.Status == "added" {
		before = "/dev/null"
	}
	if f.Status == "removed" {
		after = "/dev/null"
	}
	switch {
	case p.Binary:
		lines = append(lines, "Binary files "+before+" and "+after+" differ")
	case p.Hunks != "":
		lines = append(lines, "--- "+before, "+++ "+after, p.Hunks)
	}
	w.WriteString(strings.Join(lines, "\n") + "\n")
}

func similarity(f fakehost.FileChange) string {
	if f.OldID == f.ID {
		return "100%"
	}
	return "90%" // the model knows that it is enough for a rename, not how much it is
}

func indexLine(f fakehost.FileChange, oldMode, newMode string) string {
	from, to := f.OldID.String()[:7], f.ID.String()[:7]
	if f.Status == "removed" {
		to = "0000000"
	}
	line := "index " + from + ".." + to
	if oldMode == newMode && f.Status != "removed" && f.Status != "added" {
		line += " " + newMode
	}
	return line
}

// modeText is a mode in six digits.
func modeText(m filemode.FileMode) string { return strings.TrimPrefix(m.String(), "0") }

// getMergeBase: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-merge-base-revspec-get
func getMergeBase(c *call) (*answer, error) {
	one, other, two := strings.Cut(c.path["spec"], "..")
	if !two {
		return nil, badRequest("Two commits are needed")
	}
	ids, err := c.commitsOf([]string{one, other})
	if err != nil {
		return nil, err
	}
	base, found, err := c.repo.MergeBase(ids[0], ids[1])
	if err != nil || !found {
		return nil, notFound("No common ancestor")
	}
	commit, err := c.repo.CommitByID(base)
	if err != nil {
		return nil, err
	}
	o, err := c.commitJSON(commit)
	return &answer{body: o}, err
}
