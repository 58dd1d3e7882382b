package lfs_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
	"mooring/backends/rest"
	"mooring/backends/rest/lfs"
	"mooring/backends/rest/nethttp"
	"mooring/backends/rest/resttest"
)

const token = "Basic c2VjcmV0" // of who asks

// site is a server, and a client of it. The store is at another origin.
type site struct {
	t      *testing.T
	host   *fakehost.Host
	lfs    *fakelfs.Server
	repo   *fakehost.Repository
	may    fakelfs.Repo
	client *lfs.Client

	mu   sync.Mutex
	sent []rest.Request // what the client asked for, tries included
}

// Do notes requests, all of which pass.
func (s *site) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	s.mu.Lock()
	s.sent = append(s.sent, *req)
	s.mu.Unlock()
	return nethttp.New(0).Do(ctx, req)
}

func serve(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, host: fakehost.New(fakehost.Options{})}
	var err error
	if s.repo, err = s.host.AddRepository("owner", "repo", nil, fakehost.RepositoryOptions{}); err != nil {
		t.Fatal(err)
	}
	s.may = fakelfs.Repo{Name: "owner/repo", Objects: s.repo, SignedIn: true, MayWrite: true}
	refuse := func(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) { w.WriteHeader(e.Status) }
	start := func(h http.HandlerFunc) string {
		server := httptest.NewServer(s.host.Serve(h, refuse))
		t.Cleanup(server.Close)
		return server.URL
	}
	origin := start(func(w http.ResponseWriter, r *http.Request) { s.lfs.ServeHTTP(w, r) })
	s.lfs = fakelfs.New(s.host, fakelfs.Options{Origin: origin})
	root := start(func(w http.ResponseWriter, r *http.Request) {
		may := s.may
		may.SignedIn = may.SignedIn && r.Header.Get("Authorization") == token
		s.lfs.Batch(w, r, may)
	})
	s.client = &lfs.Client{
		Host: "Example", Root: root + "/owner/repo.git/info/lfs", Server: s,
		Store:  lfs.NewStore("Example", s, rest.Options{Clock: resttest.Hurried{}}),
		Header: func(context.Context) (rest.Header, error) { return rest.Header{"Authorization": token}, nil },
	}
	return s
}

func (s *site) trouble(l fakehost.LFSTrouble) { s.host.Set(func(o *fakehost.Settings) { o.LFS = l }) }

// wantSecrets fails if something secret went where it should not be.
func (s *site) wantSecrets() {
	s.t.Helper()
	for _, req := range s.sent {
		if strings.Contains(req.URL, fakelfs.Prefix) && req.Header.Get("authorization") == token {
			s.t.Errorf("the credential went along to %s", req.URL)
		}
	}
}

// wantSentence asserts an error that people can use, without a link in it.
func wantSentence(t *testing.T, err error, kind cmserr.Kind, path, part string) {
	t.Helper()
	e := cmserr.From(err)
	if !cmserr.Is(err, kind) || e.Path != path || !strings.Contains(e.Message(), part) {
		t.Errorf("error is %v (%v) about %q, want %v about %q with %q", err, e.Kind, e.Path, kind, path, part)
	}
	for _, secret := range []string{"signature", fakelfs.Prefix, "c2VjcmV0", "Bearer"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, e), secret) {
			t.Errorf("the error tells %q: %+v", secret, e)
		}
	}
}

func file(path, data string) driver.LFSFile {
	sum := sha256.Sum256([]byte(data))
	p := driver.LFSPointer{OID: hex.EncodeToString(sum[:]), Size: int64(len(data))}
	return driver.LFSFile{LFSPointer: p, Path: path, Content: content.Bytes(data)}
}

func TestUpload_ThenDownload(t *testing.T) {
	t.Parallel()
	s := serve(t)
	files := []driver.LFSFile{file("a b#.png", "\x89PNG\x00\xff"), file("empty", ""), file("same.png", "\x89PNG\x00\xff")}
	if err := s.client.Upload(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		got, err := s.client.Download(t.Context(), f.LFSPointer, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := got.Bytes(t.Context()); err != nil || string(data) != string(f.Content.(content.Bytes)) {
			t.Errorf("%s reads %q, %v", f.Path, data, err)
		}
	}
	if err := s.client.Upload(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	if n := s.lfs.Counts(); n.Uploads != 2 || n.Verifications != 2 || n.Batches != 5 {
		t.Errorf("%+v: what is there was sent again, or one content twice", n)
	}
	s.wantSecrets()
}

func TestUpload_InBatches(t *testing.T) {
	t.Parallel()
	s := serve(t)
	files := make([]driver.LFSFile, 205)
	for i := range files {
		files[i] = file(fmt.Sprint(i), fmt.Sprint("content ", i))
	}
	if err := s.client.Upload(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	if n := s.lfs.Counts(); n.Batches != 3 || n.Uploads != 205 || n.Verifications != 205 {
		t.Errorf("counted %+v", n)
	}
	if err := s.client.Upload(t.Context(), nil); err != nil || s.lfs.Counts().Batches != 3 {
		t.Error("nothing at all was asked for", err)
	}
}

func TestUpload_WithoutVerification(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.trouble(fakehost.LFSTrouble{NoVerify: true})
	files := []driver.LFSFile{file("a", "a"), file("b", "b")}
	if err := s.client.Upload(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	s.trouble(fakehost.LFSTrouble{NoVerify: true, Lose: true})
	err := s.client.Upload(t.Context(), []driver.LFSFile{file("a", "a"), file("c", "c")})
	wantSentence(t, err, cmserr.Network, "c", "has not kept it")
}

func TestUpload_Fails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble fakehost.LFSTrouble
		may     func(*fakelfs.Repo)
		kind    cmserr.Kind
		part    string
	}{
		"refused by the store":   {trouble: fakehost.LFSTrouble{Refuse: 403}, kind: cmserr.Forbidden, part: "refuses to store"},
		"a broken store":         {trouble: fakehost.LFSTrouble{Refuse: 500}, kind: cmserr.Network, part: "HTTP 500"},
		"a full store":           {trouble: fakehost.LFSTrouble{Refuse: 507}, kind: cmserr.Forbidden, part: "no room"},
		"too large":              {trouble: fakehost.LFSTrouble{Refuse: 413}, kind: cmserr.Invalid, part: "this large"},
		"lost":                   {trouble: fakehost.LFSTrouble{Lose: true}, kind: cmserr.Network, part: "has not kept it"},
		"an object's error":      {trouble: fakehost.LFSTrouble{ObjectError: 422}, kind: cmserr.Invalid, part: "The object can't be had."},
		"a month's plan used up": {trouble: fakehost.LFSTrouble{ObjectError: 509}, kind: cmserr.Forbidden, part: "next month"},
		"nobody":                 {may: func(r *fakelfs.Repo) { r.SignedIn = false }, kind: cmserr.Unauthenticated, part: "Sign in again"},
		"a reader":               {may: func(r *fakelfs.Repo) { r.MayWrite = false }, kind: cmserr.Forbidden, part: "does not let this account"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.trouble(c.trouble)
			if c.may != nil {
				c.may(&s.may)
			}
			err := s.client.Upload(t.Context(), []driver.LFSFile{file("img/a.png", "a")})
			wantSentence(t, err, c.kind, "img/a.png", c.part)
			s.wantSecrets()
		})
	}
}

func TestUpload_LostAnswersAreSentAgain(t *testing.T) {
	t.Parallel()
	for _, rule := range []fakehost.Rule{
		{Method: "PUT", Effect: fakehost.Effect{CutBefore: true}}, {Method: "PUT", Effect: fakehost.Effect{CutAfter: true}},
		{Path: fakelfs.Prefix + "*", Effect: fakehost.Effect{Status: 503}},
	} {
		s := serve(t)
		rule.Count = 1
		s.host.Fault(rule)
		f := file("a", "a")
		if err := s.client.Upload(t.Context(), []driver.LFSFile{f}); err != nil {
			t.Errorf("%+v: %v", rule, err)
		}
		if _, there := s.repo.LFS(f.OID); !there {
			t.Errorf("%+v: the file is not there", rule)
		}
	}
}

func TestTransfer_AsksForNewLinks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	f := file("a", "a")
	s.trouble(fakehost.LFSTrouble{Expired: 1}) // refused by the store, which has another clock
	if err := s.client.Upload(t.Context(), []driver.LFSFile{f}); err != nil {
		t.Fatal(err)
	}
	s.trouble(fakehost.LFSTrouble{Expired: 1})
	if _, err := s.client.Download(t.Context(), f.LFSPointer, f.Path); err != nil {
		t.Fatal(err)
	}
	s.trouble(fakehost.LFSTrouble{Expired: 2})
	_, err := s.client.Download(t.Context(), f.LFSPointer, f.Path)
	wantSentence(t, err, cmserr.Forbidden, "a", "refuses to read")
}

// By the time that a link is used, it is out of date: then nothing is sent to it.
func TestTransfer_KnowsWhenLinksExpire(t *testing.T) {
	t.Parallel()
	s := serve(t)
	begun, asked := time.Now(), 0
	s.client.Now = func() time.Time {
		if asked++; asked == 1 {
			return begun
		}
		return begun.Add(2 * time.Hour)
	}
	if err := s.client.Upload(t.Context(), []driver.LFSFile{file("a", "a")}); err != nil {
		t.Fatal(err)
	}
	if n := s.lfs.Counts(); n.Batches != 2 || n.Uploads != 1 {
		t.Errorf("counted %+v", n)
	}
}

func TestDownload_Fails(t *testing.T) {
	t.Parallel()
	f := file("img/a.png", "a large file")
	for name, c := range map[string]struct {
		trouble fakehost.LFSTrouble
		kind    cmserr.Kind
		part    string
	}{
		"truncated":      {fakehost.LFSTrouble{Truncate: true}, cmserr.Network, "not the whole file"},
		"damaged":        {fakehost.LFSTrouble{Corrupt: true}, cmserr.Network, "not the whole file"},
		"removed":        {fakehost.LFSTrouble{ObjectError: 410}, cmserr.NotFound, "has not this file"},
		"an odd refusal": {fakehost.LFSTrouble{ObjectError: 418}, cmserr.Unknown, "error 418"},
	} {
		s := serve(t)
		s.repo.PutLFS([]byte("a large file"))
		s.trouble(c.trouble)
		got, err := s.client.Download(t.Context(), f.LFSPointer, f.Path)
		if wantSentence(t, err, c.kind, "img/a.png", c.part); got != nil {
			t.Errorf("%s: content came all the same", name)
		}
	}
	_, err := serve(t).client.Download(t.Context(), f.LFSPointer, f.Path)
	wantSentence(t, err, cmserr.NotFound, "img/a.png", "git lfs push")
}

func TestUpload_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.client.Upload(ctx, []driver.LFSFile{file("a", "a")}); !cmserr.Is(err, cmserr.Canceled) {
		t.Error(err)
	}
}
