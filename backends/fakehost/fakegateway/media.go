package fakegateway

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/rs/cors"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// MediaPrefix is where a site has Netlify Large Media: Git LFS's batch API, and
// beside it what pages use instead of a Git LFS client. Objects are the
// repository's; uploads go to fakelfs's store, which can fail.
const MediaPrefix = "/.netlify/large-media"

// storeOrigins is the CORS of the store, which is Amazon S3.
var storeOrigins = cors.New(cors.Options{
	AllowedMethods:       []string{http.MethodPut, http.MethodGet, http.MethodPost},
	AllowedHeaders:       []string{"*"},
	MaxAge:               3000,
	OptionsSuccessStatus: http.StatusOK,
})

// serveMedia answers what is below MediaPrefix, to whoever has a JWT: no role is
// asked for.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	repo, ok := s.repository()
	if !ok || s.Settings().NoLargeMedia {
		NoPage.write(w)
		return
	}
	if _, err := s.Identity.Authenticate(r); err != nil {
		writeError(w, err)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, MediaPrefix)
	switch oid, origin := strings.CutPrefix(path, "/origin/"); {
	case origin && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.getOrigin(w, r, repo, oid)
	case r.Method == http.MethodPost && path == "/verify":
		s.verifyObject(w, r, repo)
	case r.Method == http.MethodPost && path == "/objects/batch":
		s.store.Batch(w, r, fakelfs.Repo{Name: s.options.Repo, Objects: repo, SignedIn: true, MayWrite: true})
	default:
		http.NotFound(w, r)
	}
}

// repository is the one behind the gateway, whose owner may be a group below
// another one.
func (s *Server) repository() (*fakehost.Repository, bool) {
	at := max(strings.LastIndexByte(s.options.Repo, '/'), 0)
	return s.host.Repository(s.options.Repo[:at], s.options.Repo[at+1:])
}

func (s *Server) missing(oid string) error {
	return fail(http.StatusNotFound, "object %s/%s not found", s.options.Site, oid)
}

// verifyObject says whether an object of {oid, size} is there: null or 404.
func (s *Server) verifyObject(w http.ResponseWriter, r *http.Request, repo *fakehost.Repository) {
	var in struct {
		OID  string
		Size int64
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeError(w, fail(http.StatusBadRequest, "Could not read verification params: %v", err))
		return
	}
	if content, ok := repo.LFS(in.OID); !ok || int64(len(content)) != in.Size {
		writeError(w, s.missing(in.OID))
		return
	}
	writeJSON(w, fakelfs.MIME, http.StatusOK, nil)
}

// getOrigin answers an object's content: with nf_resize=fit or smartcrop, an image
// made smaller (https://docs.netlify.com/large-media/transform-images/).
func (s *Server) getOrigin(w http.ResponseWriter, r *http.Request, repo *fakehost.Repository, oid string) {
	content, ok := s.store.Content(repo, oid)
	var err error
	if !ok {
		err = s.missing(oid)
	} else if r.URL.Query().Has("nf_resize") {
		content, err = transform(content, r.URL.Query())
	}
	if err != nil {
		writeError(w, err)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=0, must-revalidate")
	w.Header().Set("Content-Type", http.DetectContentType(content))
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // a client that went away needs no answer
}
