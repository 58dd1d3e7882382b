package drivertest

import (
	"testing"

	"mooring/backends/driver"
)

func modeCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Untouched": modesUntouched,
		"Updated":   modesUpdated,
		"Moved":     modesMoved,
		"Branched":  modesBranched,
		"New":       modesNew,
	})
}

// openModes seeds one file of each mode, two levels deep.
func openModes(t *testing.T, h Harness) *repo {
	files := seed(map[string]string{"bin/plain": "text"})
	files["bin/run.sh"] = File{Data: []byte("#!/bin/sh\n"), Mode: driver.ModeExecutable}
	files["bin/link"] = File{Data: []byte("../README.md"), Mode: driver.ModeSymlink}
	return h.openFiles(t, files)
}

func (r *repo) wantModes(commit string, want map[string]driver.Mode) {
	r.t.Helper()
	got := map[string]driver.Mode{}
	for _, e := range r.tree(commit) {
		got[e.Path] = e.Mode
	}
	for path, mode := range want {
		if got[path] != mode {
			r.t.Errorf("%q has the mode %o, want %o", path, got[path], mode)
		}
	}
}

var seededModes = map[string]driver.Mode{
	"bin":        driver.ModeDir,
	"bin/plain":  driver.ModeRegular,
	"bin/run.sh": driver.ModeExecutable,
	"bin/link":   driver.ModeSymlink,
}

func modesUntouched(t *testing.T, h Harness) {
	r := openModes(t, h)
	r.wantModes(r.head(""), seededModes)
	r.wantModes(r.commit(put("other.md", "o")), seededModes)
	r.wantModes(r.commit(put("bin/plain", "edited"), put("bin/new", "n")), seededModes)
	head := r.commit(remove("other.md"))
	r.wantModes(head, seededModes)
	if text := r.read(head)["bin/link"]; text != "../README.md" {
		t.Errorf("the link leads to %q", text)
	}
}

func modesUpdated(t *testing.T, h Harness) {
	r := openModes(t, h)
	head := r.commit(put("bin/run.sh", "#!/bin/bash\n"), put("bin/link", "plain"))
	r.wantModes(head, seededModes)
	r.holds(head, map[string]string{"bin/plain": "text", "bin/run.sh": "#!/bin/bash\n", "bin/link": "plain"})
}

func modesMoved(t *testing.T, h Harness) {
	r := openModes(t, h)
	head := r.commit(move("bin/run.sh", "go.sh"), move("bin/link", "lib/link"))
	r.wantModes(head, map[string]driver.Mode{"go.sh": driver.ModeExecutable, "lib/link": driver.ModeSymlink})
	r.holds(head, map[string]string{"bin/plain": "text", "go.sh": "#!/bin/sh\n", "lib/link": "../README.md"})
	head = r.commit(driver.Change{Op: driver.Move, From: "go.sh", Path: "went.sh", Data: []byte("exit\n")})
	r.wantModes(head, map[string]driver.Mode{"went.sh": driver.ModeExecutable})
}

func modesBranched(t *testing.T, h Harness) {
	r := openModes(t, h)
	r.wantModes(r.branchOff("cms/a", put("a.md", "a")), seededModes)
}

// modesNew: a file that was deleted leaves no mode behind.
func modesNew(t *testing.T, h Harness) {
	r := openModes(t, h)
	r.commit(remove("bin/run.sh"))
	head := r.commit(put("bin/run.sh", "text"))
	r.wantModes(head, map[string]driver.Mode{"bin/run.sh": driver.ModeRegular})
}
