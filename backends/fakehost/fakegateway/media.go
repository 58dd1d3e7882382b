package fakegateway

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// MediaPrefix is where a site has Netlify Large Media: Git LFS's batch API, and
// beside it what pages use instead of a Git LFS client. Objects are the
// repository's.
const MediaPrefix = "/.netlify/large-media"

const lfsMIME = "application/vnd.git-lfs+json"

// pointer names an object.
type pointer struct {
	OID  string `json:"oid"`
	Size int64  `json:"size"`
}

// serveMedia answers what is below MediaPrefix, to whoever has a JWT: no role is
// asked for.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	if s.Settings().NoLargeMedia {
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
		s.getOrigin(w, r, oid)
	case r.Method == http.MethodPost && path == "/verify":
		s.verifyObject(w, r)
	case r.Method == http.MethodPost && path == "/objects/batch":
		s.batch(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) repository() *fakehost.Repository {
	at := max(strings.LastIndexByte(s.options.Repo, '/'), 0)
	repo, ok := s.host.Repository(s.options.Repo[:at], s.options.Repo[at+1:])
	if !ok {
		panic("there is no repository " + s.options.Repo)
	}
	return repo
}

// object is the content of an object.
func (s *Server) object(oid string) ([]byte, error) {
	content, ok := s.repository().LFS(oid)
	if !ok {
		return nil, fail(http.StatusNotFound, "object %s/%s not found", s.options.Site, oid)
	}
	return content, nil
}

// verifyObject says whether an object of {oid, size} is there: null or 404.
func (s *Server) verifyObject(w http.ResponseWriter, r *http.Request) {
	var in pointer
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeError(w, fail(http.StatusBadRequest, "Could not read verification params: %v", err))
		return
	}
	content, err := s.object(in.OID)
	if err == nil && int64(len(content)) != in.Size {
		err = fail(http.StatusNotFound, "object %s/%s not found", s.options.Site, in.OID)
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, lfsMIME, http.StatusOK, nil)
}

// action is how to get or put an object.
type action struct {
	Href      string            `json:"href"`
	Header    map[string]string `json:"header,omitempty"`
	ExpiresIn int               `json:"expires_in"` // seconds
}

// listed is an object of a batch's answer.
type listed struct {
	pointer
	Authenticated bool              `json:"authenticated"`
	Actions       map[string]action `json:"actions,omitempty"`
	Error         *batchError       `json:"error,omitempty"`
}

type batchError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

var validOID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// batch says where objects go or are
// (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md).
func (s *Server) batch(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Operation string
		Objects   []pointer
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	if err != nil || in.Operation != "upload" && in.Operation != "download" {
		writeError(w, fail(http.StatusUnprocessableEntity, "Invalid batch request"))
		return
	}
	list := []listed{}
	for _, p := range in.Objects {
		list = append(list, s.list(r, in.Operation, p))
	}
	writeJSON(w, lfsMIME, http.StatusOK, map[string]any{"transfer": "basic", "objects": list})
}

// list is one object of a batch. What is there already needs no upload, and has
// no actions.
func (s *Server) list(r *http.Request, operation string, p pointer) listed {
	out := listed{pointer: p, Authenticated: true}
	_, err := s.object(p.OID)
	switch {
	case !validOID.MatchString(p.OID) || p.Size < 0:
		out.Error = &batchError{http.StatusUnprocessableEntity, "invalid oid or size"}
	case operation == "download" && err != nil:
		out.Error = &batchError{http.StatusNotFound, err.Error()}
	case operation == "download":
		out.Actions = map[string]action{"download": s.store(r, http.MethodGet, p.OID)}
	case err != nil:
		out.Actions = map[string]action{
			"upload": s.store(r, http.MethodPut, p.OID),
			"verify": {Href: origin(r) + MediaPrefix + "/verify", ExpiresIn: int(linkLife.Seconds()),
				Header: map[string]string{"Authorization": r.Header.Get("Authorization")}},
		}
	}
	return out
}

// getOrigin answers an object's content: with nf_resize=fit or smartcrop, an image
// made smaller (https://docs.netlify.com/large-media/transform-images/).
func (s *Server) getOrigin(w http.ResponseWriter, r *http.Request, oid string) {
	content, err := s.object(oid)
	if err == nil && r.URL.Query().Has("nf_resize") {
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

// origin is where a request was sent to.
func origin(r *http.Request) string {
	u := url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		u.Scheme = "https"
	}
	return u.String()
}
