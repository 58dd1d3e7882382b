package fakelfs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
)

// ServeHTTP is the store: GET and PUT of an object, and POST for its verification.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	objects, oid := s.object(r.URL.Path)
	if objects == nil {
		http.NotFound(w, r)
		return
	}
	if why := s.refusal(r); why != "" {
		http.Error(w, why, http.StatusForbidden)
		return
	}
	switch r.Method {
	case http.MethodGet:
		s.download(w, objects, oid)
	case http.MethodPut:
		s.upload(w, r, objects, oid)
	case http.MethodPost:
		s.verify(w, r, objects, oid)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *Server) download(w http.ResponseWriter, objects Objects, oid string) {
	s.count(func(c *Counts) { c.Downloads++ })
	content, ok := s.Content(objects, oid)
	if !ok {
		http.Error(w, "no such object", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(content) // a client that went away needs no answer
}

// Content is what the store sends of an object, wrong where the Host's
// Settings.LFS say so.
func (s *Server) Content(objects Objects, oid string) ([]byte, bool) {
	content, ok := objects.LFS(oid)
	trouble := s.host.Settings().LFS
	if trouble.Truncate {
		content = content[:len(content)/2]
	}
	if trouble.Corrupt {
		content = damaged(content)
	}
	return content, ok
}

// damaged is content of the same length.
func damaged(content []byte) []byte {
	out := make([]byte, len(content))
	for i, b := range content {
		out[i] = b ^ 0x20
	}
	return out
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request, objects Objects, oid string) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away
	}
	s.count(func(c *Counts) { c.Uploads, c.Bytes = c.Uploads+1, c.Bytes+int64(len(content)) })
	sum := sha256.Sum256(content)
	trouble := s.host.Settings().LFS
	switch {
	case trouble.Refuse != 0:
		http.Error(w, "the store takes nothing", trouble.Refuse)
	case hex.EncodeToString(sum[:]) != oid:
		http.Error(w, "the content does not match its id", http.StatusBadRequest)
	case trouble.Lose:
	default:
		objects.PutLFS(content)
	}
}

// verify answers 200 for an object that is there, whole.
func (s *Server) verify(w http.ResponseWriter, r *http.Request, objects Objects, oid string) {
	s.count(func(c *Counts) { c.Verifications++ })
	if r.Header.Get("Authorization") != "Bearer "+s.sign("verify", r.URL.Path, "") {
		refuse(w, http.StatusUnauthorized, "Credentials needed")
		return
	}
	var in object
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.OID != oid || r.Header.Get("Content-Type") != MIME {
		refuse(w, http.StatusUnprocessableEntity, "Invalid verification")
		return
	}
	content, ok := objects.LFS(oid)
	if !ok || int64(len(content)) != in.Size {
		refuse(w, http.StatusNotFound, "Object does not exist on the server")
		return
	}
	writeJSON(w, http.StatusOK, obj{})
}
