package proxy

import (
	"strconv"
	"strings"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
)

const odd = "content/odd/a b #?%+&/ö'ü 日本.md"

// scenarios run against every server in every mode, each on a repository whose
// paths it alone touches.
var scenarios = []struct {
	name string
	run  func(t *testing.T, s *realServer)
}{
	{"SignIn", realSignIn}, {"Listing", realListing}, {"Reading", realReading},
	{"SaveAndConflict", realSave}, {"OddPath", realOddPath}, {"Locales", realLocales},
	{"MoveInFolder", realMoveInFolder}, {"MoveAway", realMoveAway}, {"MovePage", realMovePage},
	{"Media", realMedia}, {"Delete", realDelete}, {"NothingToCommit", realNothing},
	{"OtherBranch", realOtherBranch},
}

func startFiles() map[string]string {
	files := map[string]string{
		"content/deep/top.md": "t", "content/deep/x/mid.md": "m", "content/deep/x/y/low.md": "l",
		"content/deep/foo.amd": "no", "content/deep/dir.md/inner.txt": "no", "content/deepest/no.md": "no",
		"content/i18n/p.en.md": "en", "content/i18n/p.de.md": "de",
		"content/away/old.md": "o", "content/away/sibling.md": "s", "content/in/old.md": "o", "content/in/sibling.md": "s",
		"content/pages/a/index.md": "ia", "content/pages/a/pic.png": "\x00\x01", "content/pages/b.md": "b",
		"content/edit.md": "one", "content/twice.md": "same", "content/gone.md": "x", "content/gone.de.md": "x",
		"static/img/one.png": "\x89PNG\x00\xff", "static/img/sub/two.png": "2",
	}
	for i := range 60 {
		files["content/many/"+strconv.Itoa(100+i)+".md"] = "entry <&> \"" + strconv.Itoa(i) + "\"\n"
	}
	return files
}

func TestRealServers(t *testing.T) {
	t.Parallel()
	for _, p := range pairs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, p.script, p.mode, startFiles())
			for _, scenario := range scenarios {
				t.Run(scenario.name, func(t *testing.T) {
					s.t = t
					scenario.run(t, s)
				})
			}
			s.t = t
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind cmserr.Kind) *cmserr.Error {
	t.Helper()
	if !cmserr.Is(err, kind) {
		t.Fatalf("got %v error %v, want %v", cmserr.KindOf(err), err, kind)
	}
	return cmserr.From(err)
}

func realSignIn(t *testing.T, s *realServer) {
	o := s.o
	o.UseWorkflow = true
	_, err := s.client(o).Restore(t.Context(), cms.Credentials{})
	if s.git {
		must(t, err)
	} else if e := wantKind(t, err, cmserr.Unsupported); !strings.Contains(e.Msg, "MODE=git") {
		t.Errorf("no advice in %q", e.Msg)
	}
	if !s.git {
		c := s.client(s.o)
		_, err := c.Drafts(t.Context())
		wantKind(t, err, cmserr.Unsupported)
		err = c.PersistEntry(t.Context(), oneFile("content/unpublished.md", "x"),
			cms.PersistOptions{UseWorkflow: true, Collection: "posts", NewEntry: true})
		wantKind(t, err, cmserr.Unsupported)
		s.wantNone("main", "content/unpublished.md")
	}
	user, err := s.client(s.o).Authenticate(t.Context(), cms.Credentials{})
	must(t, err)
	if user.Login != "local" {
		t.Errorf("user: %+v", user)
	}
}

func realListing(t *testing.T, s *realServer) {
	c := s.client(s.o)
	for _, q := range []struct {
		folder string
		depth  int
		want   string
	}{
		{"content/deep", 1, "content/deep/top.md"},
		{"content/deep", 2, "content/deep/top.md content/deep/x/mid.md"},
		{"/content/deep/", 9, "content/deep/top.md content/deep/x/mid.md content/deep/x/y/low.md"},
		{"content/none", 1, ""},
	} {
		page, err := c.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: q.folder, Extension: "md", Depth: q.depth})
		must(t, err)
		if got := strings.Join(paths(page), " "); got != q.want {
			t.Errorf("%s depth %d: got %q", q.folder, q.depth, got)
		}
	}
	many := cms.FolderQuery{Folder: "content/many", Extension: "md", Depth: 1, Limit: 25}
	var all []string
	for ; many.Offset < 60; many.Offset += 25 {
		page, err := c.EntriesByFolder(t.Context(), many)
		must(t, err)
		if page.Total != 60 {
			t.Fatalf("total %d", page.Total)
		}
		all = append(all, paths(page)...)
	}
	if len(all) != 60 || all[0] != "content/many/100.md" || all[59] != "content/many/159.md" {
		t.Errorf("pages: %v", all)
	}
	_, err := c.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "content", Depth: 1})
	wantKind(t, err, cmserr.Invalid)
}

func paths(p cms.Page) (out []string) {
	for _, e := range p.Entries {
		out = append(out, e.Path)
	}
	return out
}

func realReading(t *testing.T, s *realServer) {
	c := s.client(s.o)
	entries, err := c.EntriesByFiles(t.Context(), []cms.File{
		{Path: "content/many/101.md", Label: "L"}, {Path: "nope.md"}, {Path: "content/many/100.md"}})
	must(t, err)
	if len(entries) != 2 || entries[0].Data != "entry <&> \"1\"\n" || entries[0].Label != "L" || entries[1].Data != "entry <&> \"0\"\n" {
		t.Errorf("got %+v", entries)
	}
	_, err = c.Entry(t.Context(), "nope.md")
	if e := wantKind(t, err, cmserr.NotFound); e.Path != "nope.md" || e.Host != "proxy" || e.Op != "getEntry" {
		t.Errorf("got %+v", e)
	}
	page, err := c.EntriesByFolder(t.Context(), cms.FolderQuery{Extension: "md", Depth: 1})
	must(t, err)
	if page.Total != 0 {
		t.Errorf("the root's entries: %v", paths(page))
	}
	preview, err := c.DeployPreview(t.Context(), cms.Key{Collection: "a", Slug: "b"})
	if err != nil || preview != nil {
		t.Errorf("preview: %v, %v", preview, err)
	}
}

func realSave(t *testing.T, s *realServer) {
	c, other := s.client(s.o), s.client(s.o)
	o := cms.PersistOptions{Message: "Edit “it”"}
	for _, editor := range []*Client{c, other} {
		_, err := editor.Entry(t.Context(), "content/edit.md")
		must(t, err)
	}
	for _, text := range []string{"two", "three\r\n\tü\u2028"} {
		must(t, c.PersistEntry(t.Context(), oneFile("content/edit.md", text), o))
		s.wantFile("content/edit.md", text)
		s.wantCommit("main", "Edit “it”")
	}
	err := other.PersistEntry(t.Context(), oneFile("content/edit.md", "mine"), o)
	if e := wantKind(t, err, cmserr.Conflict); len(e.Paths) != 1 || e.Paths[0] != "content/edit.md" {
		t.Errorf("conflict: %+v", e)
	}
	err = c.PersistEntry(t.Context(), oneFile("content/edit.md", "new"), cms.PersistOptions{NewEntry: true})
	if e := wantKind(t, err, cmserr.Conflict); e.Paths[0] != "content/edit.md" {
		t.Errorf("conflict: %+v", e)
	}
	s.wantFile("content/edit.md", "three\r\n\tü\u2028")
	wantKind(t, c.PersistEntry(t.Context(), oneFile("content/empty.md", ""), o), cmserr.Invalid)
}

func realOddPath(t *testing.T, s *realServer) {
	c := s.client(s.o)
	draft := oneFile(odd, "odd")
	draft.Assets = []cms.Asset{{Path: "static/img/ä #%.bin", Content: content.Bytes{0, 255, 13, 10}}, {Path: "static/img/new/.gitkeep", Content: content.Bytes{}}}
	must(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{NewEntry: true, Message: "odd"}))
	s.wantFile(odd, "odd")
	s.wantFile("static/img/ä #%.bin", "\x00\xff\r\n")
	s.wantFile("static/img/new/.gitkeep", "")
	s.wantCommit("main", "odd")
	got, err := c.Entry(t.Context(), odd)
	must(t, err)
	if got.Data != "odd" || got.Path != odd {
		t.Errorf("got %+v", got)
	}
	page, err := c.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "content/odd", Extension: "md", Depth: 2})
	must(t, err)
	if len(page.Entries) != 1 || page.Entries[0].Path != odd {
		t.Errorf("got %+v", page)
	}
}

func realLocales(t *testing.T, s *realServer) {
	c := s.client(s.o)
	draft := cms.EntryDraft{Files: []cms.DataFile{
		{Path: "content/i18n/p.en.md", NewPath: "content/i18n/q.en.md", Slug: "q", Raw: "EN"},
		{Path: "content/i18n/p.de.md", NewPath: "content/i18n/q.de.md", Slug: "q", Raw: "DE"}}}
	must(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{Message: "rename"}))
	for _, l := range []string{"en", "de"} {
		s.wantFile("content/i18n/q."+l+".md", strings.ToUpper(l))
		s.wantNone("main", "content/i18n/p."+l+".md")
	}
	s.wantCommit("main", "rename")
}

func realMoveInFolder(t *testing.T, s *realServer) {
	c := s.client(s.o)
	draft := oneFile("content/in/old.md", "moved")
	draft.Files[0].NewPath = "content/in/sibling.md"
	wantKind(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{}), cmserr.Conflict)
	draft.Files[0].NewPath = "content/in/new.md"
	must(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{Message: "move"}))
	s.wantFile("content/in/new.md", "moved")
	s.wantFile("content/in/sibling.md", "s")
	s.wantNone("main", "content/in/old.md")
	s.wantCommit("main", "move")
}

func realMoveAway(t *testing.T, s *realServer) {
	c := s.client(s.o)
	draft := oneFile("content/away/old.md", "moved")
	draft.Files[0].NewPath = "content/far/new.md"
	must(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{Message: "move away"}))
	s.wantFile("content/far/new.md", "moved")
	s.wantFile("content/away/sibling.md", "s")
	s.wantNone("main", "content/away/old.md")
	s.wantCommit("main", "move away")
	draft = oneFile("content/far/new.md", "again")
	draft.Files[0].NewPath = "content/far/new.md"
	must(t, c.PersistEntry(t.Context(), draft, cms.PersistOptions{}))
	s.wantFile("content/far/new.md", "again")
}

func realMovePage(t *testing.T, s *realServer) {
	c := s.client(s.o)
	draft := oneFile("content/pages/a/index.md", "page")
	draft.Files[0].NewPath = "content/pages/c/index.md"
	must(t, s.inTheEnd(func() error {
		return c.PersistEntry(t.Context(), draft, cms.PersistOptions{Message: "move page"})
	}))
	s.wantFile("content/pages/c/index.md", "page")
	s.wantFile("content/pages/c/pic.png", "\x00\x01")
	s.wantFile("content/pages/b.md", "b")
	s.wantNone("main", "content/pages/a/index.md")
	s.wantCommit("main", "move page")
}

// inTheEnd does what a server fails at now and then: in git mode both move the files
// of a folder while Git already adds them. It starts from the same commit each time.
func (s *realServer) inTheEnd(do func() error) error {
	err := do()
	for try := 0; err != nil && s.git && try < 3; try++ {
		s.run("reset", "-q", "--hard")
		s.run("clean", "-fdq")
		err = do()
	}
	return err
}

func realMedia(t *testing.T, s *realServer) {
	c := s.client(s.o)
	data := []byte{0, 1, 2, 254, 255, '\r', '\n'}
	file, err := c.PersistMedia(t.Context(), cms.Asset{Path: "static/img/up ü.bin", Content: content.Bytes(data)}, "upload")
	must(t, err)
	if file.Name != "up ü.bin" || file.Size != 7 || held(file) != string(data) || file.ID == "" {
		t.Errorf("stored: %+v", file)
	}
	s.wantFile("static/img/up ü.bin", string(data))
	s.wantCommit("main", "upload")
	_, err = c.PersistMedia(t.Context(), cms.Asset{Path: "static/img/zero"}, "")
	must(t, err)
	s.wantFile("static/img/zero", "")
	file, err = c.MediaFile(t.Context(), "static/img/one.png")
	must(t, err)
	if held(file) != "\x89PNG\x00\xff" || file.Path != "static/img/one.png" {
		t.Errorf("read: %+v", file)
	}
	_, err = c.MediaFile(t.Context(), "static/img/none.png")
	wantKind(t, err, cmserr.NotFound)
	files, err := c.Media(t.Context(), cms.MediaQuery{})
	must(t, err)
	found := 0
	for _, f := range files {
		if f.IsDir || f.Name == "" || f.ID == "" {
			t.Errorf("listed: %+v", f)
		}
		if f.Path == "static/img/up ü.bin" && (f.Size == 7 || f.Size == -1) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("listing: %+v", files)
	}
	files, err = c.Media(t.Context(), cms.MediaQuery{Folder: "static/none", Subfolders: true})
	if err != nil || len(files) != 0 {
		t.Errorf("no folder: %v, %v", files, err)
	}
}

func realDelete(t *testing.T, s *realServer) {
	c := s.client(s.o)
	must(t, c.DeleteFiles(t.Context(), []string{"content/gone.md", "content/gone.fr.md"}, "delete"))
	s.wantNone("main", "content/gone.md")
	s.wantCommit("main", "delete")
	must(t, c.DeleteFiles(t.Context(), []string{"content/gone.de.md"}, ""))
	s.wantNone("main", "content/gone.de.md")
	must(t, c.DeleteFiles(t.Context(), []string{"content/never.md"}, "nothing"))
	must(t, c.DeleteFiles(t.Context(), nil, "nothing"))
}

func realNothing(t *testing.T, s *realServer) {
	c := s.client(s.o)
	must(t, c.PersistEntry(t.Context(), oneFile("content/twice.md", "same"), cms.PersistOptions{Message: "no change"}))
	s.wantFile("content/twice.md", "same")
}

func realOtherBranch(t *testing.T, s *realServer) {
	if !s.git {
		return // without branches there is no wrong one
	}
	o := s.o
	o.Branch = "master"
	_, err := s.client(o).Entry(t.Context(), "content/edit.md")
	if e := wantKind(t, err, cmserr.NotFound); !strings.Contains(e.Msg, "backend.branch") {
		t.Errorf("no advice in %q", e.Msg)
	}
}

// held is what a media file holds, "" if nothing was read.
func held(f cms.MediaFile) string {
	data, _ := f.Content.(content.Bytes)
	return string(data)
}
