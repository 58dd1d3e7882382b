package fakegithub

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// Web serves what isn't the API's: Git LFS (as github.com does), raw files (as
// raw.githubusercontent.com does) and the files behind LFS pointers (as
// media.githubusercontent.com does). Options.Web is its address. Browsers can't
// use the LFS endpoint, which has no CORS headers, unless Settings.LFSUsable.
func (s *Server) Web() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{owner}/{repo}/info/lfs/objects/batch", s.lfsBatch)
	mux.Handle(fakelfs.Prefix+"{owner}/{repo}/{oid}", s.lfs)
	mux.HandleFunc("GET /_raw/{owner}/{repo}/{path...}", s.rawFile)
	mux.HandleFunc("GET /_media/{owner}/{repo}/{path...}", s.rawFile)
	refuse := func(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
		w.WriteHeader(max(e.Status, http.StatusForbidden))
	}
	files := s.host.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open := strings.HasPrefix(r.URL.Path, "/_raw/") || strings.HasPrefix(r.URL.Path, "/_media/")
		if open || s.host.Settings().LFSUsable {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept")
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT")
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		mux.ServeHTTP(w, r)
	}), refuse)
	return fakehost.Avatars("/avatars/", files)
}

// signature lets whoever has it use one object, as the signed addresses of the
// real host's storage do.
func (s *Server) signature(action, what string) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(action + "\n" + what))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Server) signed(r *http.Request, action, what string) bool {
	return hmac.Equal([]byte(r.URL.Query().Get("signature")), []byte(s.signature(action, what)))
}

// downloadURL is where a file's content can be had without a header: for an
// LFS pointer the content that it stands for.
func (c *call) downloadURL(e fakehost.Entry, rev string) string {
	kind := "_raw"
	if content, err := c.repo.Blob(e.ID); err == nil && isPointer(content) {
		kind = "_media"
	}
	u := c.web(kind, c.repo.FullName(), rev, e.Path)
	if c.repo.Info().Private {
		u += "?signature=" + c.signature("GET", c.repo.FullName()+"/"+rev+"/"+e.Path)
	}
	return u
}

// pointerHead is how a Git LFS pointer file begins
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
const pointerHead = "version https://git-lfs.github.com/spec/v1\n"

func isPointer(content []byte) bool {
	return len(content) < 1024 && bytes.HasPrefix(content, []byte(pointerHead))
}

func pointerOID(content []byte) string {
	for line := range strings.SplitSeq(string(content), "\n") {
		if oid, ok := strings.CutPrefix(line, "oid sha256:"); ok {
			return oid
		}
	}
	return ""
}

// rawFile serves /_raw/owner/repo/revision/path and /_media likewise. The
// revision may have slashes: the shortest that exists counts.
func (s *Server) rawFile(w http.ResponseWriter, r *http.Request) {
	repo, _, ok := s.host.Lookup(r.PathValue("owner"), r.PathValue("repo"))
	if !ok || repo.Info().Private && !s.signed(r, "GET", repo.FullName()+"/"+r.PathValue("path")) {
		http.Error(w, "404: Not Found", http.StatusNotFound)
		return
	}
	content, ok := fileAt(repo, r.PathValue("path"))
	if ok && strings.HasPrefix(r.URL.Path, "/_media/") && isPointer(content) {
		content, ok = s.lfs.Content(repo, pointerOID(content))
	}
	if !ok {
		http.Error(w, "404: Not Found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(content) // a client that went away needs no answer
}

func fileAt(repo *fakehost.Repository, text string) ([]byte, bool) {
	for i, r := range text {
		if r != '/' {
			continue
		}
		id, ok := repo.ResolveCommit(text[:i])
		if !ok {
			continue
		}
		root, err := repo.TreeOf(id)
		if err != nil {
			continue
		}
		if e, ok := repo.EntryAt(root, text[i+1:]); ok {
			content, err := repo.Blob(e.ID)
			return content, err == nil
		}
	}
	return nil, false
}

func writeJSON(w http.ResponseWriter, mime string, status int, body any) {
	w.Header().Set("Content-Type", mime)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}
