package proxy

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/rest"
)

func TestPersistEntry_Request(t *testing.T) {
	t.Parallel()
	c, s := scripted(t, Options{Branch: "b/ü", CMSLabelPrefix: "x/"}, ok("["+noFile("a.md")+"]"), ok(saved))
	e := oneFile("a.md", "raw")
	e.Assets = []cms.Asset{{Path: "p.png", Content: content.Bytes{255}}, {Path: ".gitkeep", Content: content.Bytes{}}, {Path: "kept.png"}}
	must(t, c.PersistEntry(t.Context(), e, cms.PersistOptions{NewEntry: true, Collection: "posts"}))
	p := s.bodies[1].Get("params")
	for field, want := range map[string]string{
		"branch": "b/ü", "cmsLabelPrefix": "x/", "dataFiles.0.path": "a.md", "dataFiles.0.raw": "raw",
		"dataFiles.0.slug": "slug", "dataFiles.0.newPath": "", "assets.0.content": "/w==", "assets.1.content": "=",
		"options.commitMessage": "Save a.md", "options.useWorkflow": "false", "options.status": "draft",
		"options.collectionName": "posts",
	} {
		if got := p.Get(field).String(); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
}

func TestPersistEntry_LostAnswer_MayBeRepeated(t *testing.T) {
	t.Parallel()
	lost := answer{err: cmserr.New(cmserr.Network, "cut")}
	c, _ := scripted(t, Options{}, ok(fileAnswer("a.md", "old")), ok("["+fileAnswer("a.md", "old")+"]"), lost,
		ok("["+fileAnswer("a.md", "new")+"]"), ok(saved), ok("["+fileAnswer("a.md", "theirs")+"]"))
	_, err := c.Entry(t.Context(), "a.md")
	must(t, err)
	err = c.PersistEntry(t.Context(), oneFile("a.md", "new"), cms.PersistOptions{})
	if e := wantKind(t, err, cmserr.Network); !strings.Contains(e.Msg, "not known whether") {
		t.Errorf("got %q", e.Msg)
	}
	must(t, c.PersistEntry(t.Context(), oneFile("a.md", "new"), cms.PersistOptions{}))
	wantKind(t, c.PersistEntry(t.Context(), oneFile("a.md", "newer"), cms.PersistOptions{}), cmserr.Conflict)
}

func TestPersistEntry_NewEntry_LostAnswer(t *testing.T) {
	t.Parallel()
	c, _ := scripted(t, Options{}, ok("["+noFile("a.md")+"]"), answer{err: cmserr.New(cmserr.Network, "cut")},
		ok("["+fileAnswer("a.md", "new")+"]"), ok(saved))
	o := cms.PersistOptions{NewEntry: true}
	wantKind(t, c.PersistEntry(t.Context(), oneFile("a.md", "new"), o), cmserr.Network)
	must(t, c.PersistEntry(t.Context(), oneFile("a.md", "new"), o))
}

func TestPersistEntry_AppearedOrVanished_Conflict(t *testing.T) {
	t.Parallel()
	c, _ := scripted(t, Options{}, ok(noFile("a.md")), ok("["+fileAnswer("a.md", "theirs")+"]"),
		ok(fileAnswer("b.md", "b")), ok("["+noFile("b.md")+"]"))
	_, err := c.Entry(t.Context(), "a.md")
	wantKind(t, err, cmserr.NotFound)
	wantKind(t, c.PersistEntry(t.Context(), oneFile("a.md", "mine"), cms.PersistOptions{}), cmserr.Conflict)
	_, err = c.Entry(t.Context(), "b.md")
	must(t, err)
	e := wantKind(t, c.PersistEntry(t.Context(), oneFile("b.md", "mine"), cms.PersistOptions{}), cmserr.Conflict)
	if !strings.Contains(e.Msg, "reload the entry") {
		t.Errorf("got %q", e.Msg)
	}
}

func TestPersistEntry_MoveHalfDone(t *testing.T) {
	t.Parallel()
	failure := answer{500, `{"error":"Unknown error"}`, nil}
	both := ok("[" + fileAnswer("a/x.md", "old") + "," + noFile("b/x.md") + "]")
	c, s := scripted(t, Options{}, both, ok(saved), failure)
	e := oneFile("a/x.md", "new")
	e.Files[0].NewPath = "b/x.md"
	got := wantKind(t, c.PersistEntry(t.Context(), e, cms.PersistOptions{}), cmserr.Unknown)
	if !strings.Contains(got.Msg, "both copies exist") || got.Paths[0] != "a/x.md" {
		t.Errorf("got %+v", got)
	}
	if s.bodies[1].Get("params.dataFiles.0.newPath").Exists() || s.bodies[1].Get("params.dataFiles.0.path").Str != "b/x.md" {
		t.Errorf("sent %s", s.bodies[1].Raw)
	}
}

func TestPersistEntry_PageMove_WaitsAndGivesUp(t *testing.T) {
	t.Parallel()
	before := ok("[" + fileAnswer("a/index.md", "old") + "," + noFile("b/index.md") + "]")
	answers := []answer{before, ok(saved)}
	for range moveTries {
		answers = append(answers, before)
	}
	c, s := scripted(t, Options{}, answers...)
	e := oneFile("a/index.md", "new")
	e.Files[0].NewPath = "b/index.md"
	got := wantKind(t, c.PersistEntry(t.Context(), e, cms.PersistOptions{}), cmserr.Unknown)
	if !strings.Contains(got.Msg, "did not move") || len(s.answers) != 0 {
		t.Errorf("got %q, %d answers left", got.Msg, len(s.answers))
	}
}

func TestMovesFolder(t *testing.T) {
	t.Parallel()
	for move, want := range map[string]bool{
		"a/index.md>b/index.md": true, "a/_index.md>b/_index.md": true, "a/b/index.md>a/index.md": true,
		"a/index.md>a/b/index.md": false, "index.md>a/index.md": false, "a/x.md>b/x.md": false,
		"a/index.md>a/start.md": false, "a/index.md>a/index.md": false, "a/index.md>ab/index.md": true,
	} {
		from, to, _ := strings.Cut(move, ">")
		if got := movesFolder(cms.DataFile{Path: from, NewPath: to}); got != want {
			t.Errorf("%s: got %v", move, got)
		}
	}
}

func TestPersistEntry_Refusals(t *testing.T) {
	t.Parallel()
	c, _ := scripted(t, Options{})
	flowless := cms.PersistOptions{UseWorkflow: true}
	wantKind(t, c.PersistEntry(t.Context(), cms.EntryDraft{}, cms.PersistOptions{}), cmserr.Invalid)
	wantKind(t, c.PersistEntry(t.Context(), oneFile("a.md", ""), cms.PersistOptions{}), cmserr.Invalid)
	wantKind(t, c.PersistEntry(t.Context(), oneFile("a.md", "x"), flowless), cmserr.Invalid)
}

// killer ends the server shortly after a save was sent to it.
type killer struct {
	rest.Doer
	kill func()
}

func (k killer) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if bytes.Contains(req.Body, []byte(`"action":"persistEntry"`)) {
		timer := time.AfterFunc(30*time.Millisecond, k.kill)
		defer timer.Stop()
	}
	return k.Doer.Do(ctx, req)
}

func TestRealServers_KilledMidSave(t *testing.T) {
	t.Parallel()
	s := start(t, pairs[1].script, "git", map[string]string{"a.md": "a"})
	c := s.client(s.o)
	c.doer = killer{c.doer, s.kill}
	e := oneFile("b.md", "b")
	e.Assets = []cms.Asset{{Path: "big.bin", Content: content.Bytes(make([]byte, 20<<20))}}
	err := c.PersistEntry(t.Context(), e, cms.PersistOptions{})
	if got := wantKind(t, err, cmserr.Network); !strings.Contains(got.Msg, "http://127.0.0.1:") ||
		!strings.Contains(got.Msg, "not known whether") {
		t.Errorf("got %q", got.Msg)
	}
	if n := c.noted("main", "b.md"); n == nil || n.read != nil {
		t.Error("the save is noted as done")
	}
	_, err = c.Authenticate(t.Context(), cms.Credentials{})
	if got := wantKind(t, err, cmserr.Network); !strings.Contains(got.Msg, "npx @staticcms/proxy-server") {
		t.Errorf("got %q", got.Msg)
	}
	s.wantNone("main", "b.md")
}
