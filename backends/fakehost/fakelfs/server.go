// Package fakelfs answers as a Git LFS server does: with the batch API
// (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md), whose answers link to a
// store of its own. A host's fake signs people in, and then hands a request to Batch; it
// serves the Server itself below Prefix, or at another origin.
//
// What goes wrong is in the Host's Settings.LFS; refused, slow and lost requests can be
// had with a fakehost.Rule for the store's paths as well.
package fakelfs

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"mooring/backends/fakehost"
)

// Prefix begins the store's paths.
const Prefix = "/_lfs/"

// MIME is the media type of the batch API and of verifications.
const MIME = "application/vnd.git-lfs+json"

// lifetime is how long a link can be used.
const lifetime = time.Hour

// Objects keeps the large files of a repository. A *fakehost.Repository does.
type Objects interface {
	LFS(oid string) ([]byte, bool)
	PutLFS(content []byte) string
}

// Options are the settings of a Server. The zero value will do.
type Options struct {
	// Origin is where the store is, if browsers are to see it as another one than the
	// server's, e.g. "https://media.example.com".
	Origin string
}

// Counts is how often a Server was asked, and what its store has been sent.
type Counts struct {
	Batches, Objects, Uploads, Downloads, Verifications int

	Bytes int64 // of all uploads
}

// Server is the http.Handler of the store. It is safe for concurrent use.
type Server struct {
	host    *fakehost.Host
	options Options
	secret  []byte // signs links

	mu     sync.Mutex // guards all below
	repos  map[string]Objects
	counts Counts
}

// New makes a Server whose time and troubles are those of a Host.
func New(h *fakehost.Host, o Options) *Server {
	s := &Server{host: h, options: o, secret: make([]byte, 32), repos: map[string]Objects{}}
	_, _ = rand.Read(s.secret) // never fails
	return s
}

// Counts is what was counted so far.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

func (s *Server) count(add func(*Counts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.counts)
}

// sign lets whoever has it do one thing with one object until a moment, as the signed
// addresses of real stores do.
func (s *Server) sign(method, path, expires string) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(method + "\n" + path + "\n" + expires))
	return hex.EncodeToString(mac.Sum(nil))
}

// link is the address at which one thing can be done with an object.
func (s *Server) link(origin, method, path string, until time.Time) string {
	if s.options.Origin != "" {
		origin = s.options.Origin
	}
	expires := strconv.FormatInt(until.Unix(), 10)
	at := url.URL{Path: path}
	return origin + at.EscapedPath() + "?expires=" + expires + "&signature=" + s.sign(method, path, expires)
}

// refusal is why a request for the store is refused, "" if it is not.
func (s *Server) refusal(r *http.Request) string {
	q := r.URL.Query()
	if !hmac.Equal([]byte(q.Get("signature")), []byte(s.sign(r.Method, r.URL.Path, q.Get("expires")))) {
		return "The signature does not match."
	}
	until, err := strconv.ParseInt(q.Get("expires"), 10, 64)
	if err != nil || s.host.Now().After(time.Unix(until, 0)) {
		return "The link has expired."
	}
	if r.Header.Get("Authorization") != "" && r.Method != http.MethodPost {
		return "Only one way of authorization is allowed." // as at S3, with which a signature is enough
	}
	return ""
}

// originOf is where a request was sent to.
func originOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// object takes a path of the store apart: /_lfs/{repository}/{oid}.
func (s *Server) object(path string) (Objects, string) {
	rest, _ := strings.CutPrefix(path, Prefix)
	at := strings.LastIndexByte(rest, '/')
	s.mu.Lock()
	defer s.mu.Unlock()
	if at < 0 || s.repos[rest[:at]] == nil {
		return nil, ""
	}
	return s.repos[rest[:at]], rest[at+1:]
}
