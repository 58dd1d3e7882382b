package backends

import (
	"path"
	"strings"

	"mooring/backends/cmserr"
)

// invalid says which argument of which call is wrong, and what to do about it.
func invalid(op, field, advice string) *cmserr.Error {
	return cmserr.New(cmserr.Invalid, op+": "+field+" is wrong: "+advice+".")
}

func quote(s string) string { return "“" + s + "”" }

// cleanPath is a file's path from the repository's root, without detours.
func cleanPath(op, field, raw string) (string, error) {
	p, err := cleanFolder(op, field, raw)
	if err == nil && p == "" {
		err = invalid(op, field, "give a file's path from the repository's root, it is empty")
	}
	if err != nil {
		return "", err
	}
	return p, nil
}

// cleanFolder is a folder's path from the repository's root, "" for the root.
func cleanFolder(op, field, raw string) (string, error) {
	if strings.IndexByte(raw, 0) >= 0 {
		return "", invalid(op, field, "a path may not have a NUL byte")
	}
	p := path.Clean(strings.Trim(raw, "/"))
	if p == "." {
		return "", nil
	}
	if p == ".." || strings.HasPrefix(p, "../") {
		return "", invalid(op, field, quote(raw)+" leads out of the repository, give a path below its root")
	}
	return p, nil
}

// cleanExtension is an extension as the CMS gives it, without its dot.
func cleanExtension(op, ext string) (string, error) {
	if strings.HasPrefix(ext, ".") {
		return "", invalid(op, "extension", "give "+quote(ext)+" without its leading dot")
	}
	if strings.ContainsAny(ext, "/\x00") {
		return "", invalid(op, "extension", quote(ext)+" is no file extension")
	}
	return ext, nil
}
