package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// The people and the repository of every seed. The editor owns it; the
// contributor may only read.
const (
	seedOwner  = "editor"
	seedReader = "contributor"
	seedName   = "site"
)

var seedTokens = map[string]string{seedOwner: "editor-token", seedReader: "contributor-token"}

var seedNames = map[string]string{seedOwner: "Erin Editor", seedReader: "Chris Contributor"}

// fill gives the host its people and its repository.
func fill(h *fakehost.Host, o options) error {
	h.Set(func(s *fakehost.Settings) { s.Latency = o.latency })
	for _, login := range []string{seedOwner, seedReader} {
		h.AddUser(fakehost.User{Login: login, Name: seedNames[login]})
		h.AddToken(login, seedTokens[login])
	}
	files, err := seedFiles(o.seed)
	if err != nil {
		return err
	}
	_, err = h.AddRepository(seedOwner, seedName, files, fakehost.RepositoryOptions{})
	return err
}

func seedFiles(seed string) (map[string]fakehost.File, error) {
	switch seed {
	case "empty":
		return map[string]fakehost.File{"README.md": {Content: []byte("# Site\n")}}, nil
	case "demo":
		return demo(), nil
	}
	return readDir(seed)
}

// demo is a small site: posts, a page, an image.
func demo() map[string]fakehost.File {
	files := map[string]fakehost.File{
		"README.md":                {Content: []byte("# A sample site\n")},
		"content/pages/about.md":   {Content: []byte("---\ntitle: About\n---\n\nA site to try things on.\n")},
		"static/images/square.svg": {Content: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>` + "\n")},
	}
	for i, title := range []string{"First light", "Second thoughts", "Third time lucky", "Going forth", "The fifth wheel"} {
		day := i + 1
		files[fmt.Sprintf("content/posts/2024-01-%02d-%s.md", day, strings.ReplaceAll(strings.ToLower(title), " ", "-"))] = fakehost.File{
			Content: fmt.Appendf(nil, "---\ntitle: %s\ndate: 2024-01-%02dT08:00:00Z\n---\n\nText of post %d.\n", title, day, day)}
	}
	return files
}

// readDir reads a directory with modes and links, without .git.
func readDir(dir string) (map[string]fakehost.File, error) {
	files := map[string]fakehost.File{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" {
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = readFile(path, d)
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no files", dir)
	}
	return files, err
}

func readFile(path string, d fs.DirEntry) (fakehost.File, error) {
	if d.Type() == fs.ModeSymlink {
		target, err := os.Readlink(path)
		return fakehost.File{Content: []byte(target), Mode: filemode.Symlink}, err
	}
	info, err := d.Info()
	if err != nil {
		return fakehost.File{}, err
	}
	f := fakehost.File{Mode: filemode.Regular}
	if info.Mode()&0o111 != 0 {
		f.Mode = filemode.Executable
	}
	f.Content, err = os.ReadFile(path)
	return f, err
}
