package fakebitbucket

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// upload is the form of a commit.
type upload struct {
	fields  map[string][]string // message, author, parents, branch, files
	changes []fakehost.Change   // of the files that came along, in their order
}

// meta are the names of fields that are no files.
var meta = []string{"message", "author", "parents", "branch", "files"}

func (u *upload) get(name string) string {
	if values := u.fields[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// put adds a file. Its path is absolute, with a leading slash or without one.
func (u *upload) put(path string, content []byte, mode filemode.FileMode) {
	path = strings.TrimPrefix(path, "/")
	u.changes = slices.DeleteFunc(u.changes, func(c fakehost.Change) bool { return c.Path == path })
	u.changes = append(u.changes, fakehost.Change{Path: path, Content: content, Mode: mode})
}

func (u *upload) has(path string) bool {
	return slices.ContainsFunc(u.changes, func(c fakehost.Change) bool { return c.Path == path })
}

// removed are the paths of the field files that no file came along for.
func (u *upload) removed() []string {
	var paths []string
	for _, path := range u.fields["files"] {
		if path = strings.TrimPrefix(path, "/"); !u.has(path) && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

var errForm = badRequest("The request body could not be read as a form.")

// readUpload reads a form. What the address says beside it counts for nothing.
func (c *call) readUpload() (*upload, error) {
	u := &upload{fields: map[string][]string{}}
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil && len(c.body) > 0 {
		return nil, errForm
	}
	switch kind {
	case "multipart/form-data", "multipart/mixed", "multipart/related":
		return u, u.readParts(multipart.NewReader(bytes.NewReader(c.body), params["boundary"]))
	case "application/x-www-form-urlencoded":
		return u, u.readPairs(string(c.body))
	}
	if len(c.body) > 0 {
		return nil, errForm
	}
	return u, nil
}

func (u *upload) readPairs(body string) error {
	values, err := url.ParseQuery(body)
	if err != nil {
		return errForm
	}
	for name, list := range values {
		if slices.Contains(meta, name) {
			u.fields[name] = list
			continue
		}
		u.put(name, []byte(list[len(list)-1]), filemode.Regular)
	}
	return nil
}

func (u *upload) readParts(r *multipart.Reader) error {
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errForm
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return errForm
		}
		name, isFile, mode, err := partHeader(part)
		switch {
		case err != nil:
			return errForm
		case isFile || !slices.Contains(meta, name):
			u.put(name, content, mode)
		default:
			u.fields[name] = append(u.fields[name], string(content))
		}
	}
}

// partHeader reads what a part is: a file when it has a filename. The
// documentation writes x-attributes with a colon, and a file's path as Content-ID.
func partHeader(part *multipart.Part) (name string, isFile bool, mode filemode.FileMode, err error) {
	text := strings.Replace(part.Header.Get("Content-Disposition"), "x-attributes:", "x-attributes=", 1)
	_, params, err := mime.ParseMediaType(text)
	if err != nil {
		return "", false, 0, err
	}
	name = params["name"]
	if name == "" {
		name = strings.Trim(part.Header.Get("Content-ID"), `"`)
	}
	if name == "" {
		return "", false, 0, errForm
	}
	_, isFile = params["filename"]
	mode = filemode.Regular
	for attribute := range strings.SplitSeq(params["x-attributes"], ",") {
		switch strings.TrimSpace(attribute) {
		case "executable":
			mode = filemode.Executable
		case "link":
			mode = filemode.Symlink
		}
	}
	return name, isFile, mode, nil
}
