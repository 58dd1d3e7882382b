package fakegitlab

import (
	"fmt"

	"mooring/backends/fakehost"
)

// limits are those of diffs
// (https://docs.gitlab.com/administration/diff_limits/): from the first group on
// all ends, from the second on no more patches are shown.
type limits struct {
	files, lines, bytes             int
	safeFiles, safeLines, safeBytes int
	patch, safePatch                int // bytes of one file's
	collapse                        bool
}

// gitlabLimits are gitlab.com's.
var gitlabLimits = limits{files: 1000, lines: 50_000, bytes: 1000 * 5 << 10, safeFiles: 100, safeLines: 5000, safeBytes: 100 * 5 << 10,
	patch: 200 << 10, safePatch: 20 << 10, collapse: true}

// expanded are the limits where patches aren't collapsed.
func expanded() limits {
	l := gitlabLimits
	l.collapse = false
	return l
}

// diffs are the changes of files, and whether some are left out
// (lib/gitlab/git/diff_collection.rb).
func diffs(changes []fakehost.FileChange, l limits) (list []obj, overflow bool, err error) {
	list = []obj{}
	lines, bytes := 0, 0
	for i, f := range changes {
		if i >= l.files {
			return list, true, nil
		}
		text, n, err := patchOf(f)
		if err != nil {
			return nil, false, err
		}
		o := diffJSON(f)
		unsafe := i >= l.safeFiles || lines > l.safeLines || bytes >= l.safeBytes || len(text) >= l.safePatch
		o["too_large"] = len(text) >= l.patch
		o["collapsed"] = l.collapse && len(changes) > 1 && unsafe && n > 0 && o["too_large"] == false
		if o["too_large"] == true || o["collapsed"] == true {
			text, n = "", 0
		}
		o["diff"] = text
		lines, bytes = lines+n, bytes+len(text)
		if lines >= l.lines || bytes >= l.bytes {
			return list, true, nil
		}
		list = append(list, o)
	}
	return list, false, nil
}

// patchOf is a file's patch without its head, and its number of lines. A
// binary file has a notice for it.
func patchOf(f fakehost.FileChange) (string, int, error) {
	p, err := f.Patch()
	if err != nil {
		return "", 0, err
	}
	if p.Binary {
		return fmt.Sprintf("Binary files %s and %s differ\n", sideOf("a/", f.OldPath(), f.Status == "added"),
			sideOf("b/", f.Path, f.Status == "removed")), 1, nil
	}
	if p.Hunks == "" {
		return "", 0, nil
	}
	return p.Hunks + "\n", p.Additions + p.Deleted, nil
}

func sideOf(prefix, name string, missing bool) string {
	if missing {
		return "/dev/null"
	}
	return prefix + name
}

// diffJSON is a change without its patch. A file that is new or deleted has
// the same path twice.
func diffJSON(f fakehost.FileChange) obj {
	o := obj{"old_path": f.OldPath(), "new_path": f.Path, "a_mode": "0", "b_mode": "0", "new_file": f.Status == "added",
		"renamed_file": f.Status == "renamed", "deleted_file": f.Status == "removed", "generated_file": false}
	if f.Status != "added" {
		o["a_mode"] = f.OldMode.String()[1:]
	}
	if f.Status != "removed" {
		o["b_mode"] = f.Mode.String()[1:]
	}
	return o
}
