package fakelfs

import (
	"encoding/json"
	"net/http"
	"time"

	"mooring/backends/fakehost"
)

// Repo is a repository as a request for large files sees it.
type Repo struct {
	Name    string // owner/name
	Objects Objects
	// SignedIn and MayWrite say what whoever asks may do. Who may not read must not
	// get here.
	SignedIn, MayWrite bool
}

type obj = map[string]any

// object is an object of a batch request, or a verification.
type object struct {
	OID  string `json:"oid"`
	Size int64  `json:"size"`
}

// maxObjects is how many objects one batch may have: what the client of Git LFS asks for.
const maxObjects = 100

// Batch answers POST {root}/objects/batch for a repository.
func (s *Server) Batch(w http.ResponseWriter, r *http.Request, repo Repo) {
	var in struct {
		Operation string
		Transfers []string
		HashAlgo  string `json:"hash_algo"`
		Objects   []object
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	switch {
	case r.Header.Get("Accept") != MIME:
		refuse(w, http.StatusNotAcceptable, "The Accept header needs to be "+MIME)
	case err != nil || in.Operation != "download" && in.Operation != "upload" || len(in.Objects) == 0:
		refuse(w, http.StatusUnprocessableEntity, "Invalid batch request")
	case in.HashAlgo != "" && in.HashAlgo != "sha256":
		refuse(w, http.StatusConflict, "Only sha256 is supported")
	case len(in.Objects) > maxObjects:
		refuse(w, http.StatusRequestEntityTooLarge, "Too many objects")
	case in.Operation == "upload" && !repo.SignedIn:
		w.Header().Set("LFS-Authenticate", `Basic realm="Git LFS"`)
		refuse(w, http.StatusUnauthorized, "Credentials needed")
	case in.Operation == "upload" && !repo.MayWrite:
		refuse(w, http.StatusForbidden, "You must have push access to upload large files")
	default:
		s.answer(w, r, repo, in.Operation, in.Objects)
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, repo Repo, operation string, objects []object) {
	s.mu.Lock()
	s.repos[repo.Name] = repo.Objects
	s.counts.Batches++
	s.counts.Objects += len(objects)
	s.mu.Unlock()
	list := make([]obj, len(objects))
	for i, o := range objects {
		list[i] = s.actions(originOf(r), repo, operation, o)
	}
	writeJSON(w, http.StatusOK, obj{"transfer": "basic", "objects": list, "hash_algo": "sha256"})
}

// actions is one object of an answer: an upload of what is there already has none.
func (s *Server) actions(origin string, repo Repo, operation string, o object) obj {
	out := obj{"oid": o.OID, "size": o.Size}
	content, has := repo.Objects.LFS(o.OID)
	has = has && int64(len(content)) == o.Size
	code := s.host.Settings().LFS.ObjectError
	switch {
	case code != 0:
		out["error"] = obj{"code": code, "message": "The object can't be had"}
	case operation == "download" && !has:
		out["error"] = obj{"code": http.StatusNotFound, "message": "Object does not exist"}
	case operation == "download":
		out["authenticated"] = true
		out["actions"] = obj{"download": s.action(origin, http.MethodGet, repo.Name, o.OID)}
	case !has:
		out["authenticated"] = true
		actions := obj{"upload": s.action(origin, http.MethodPut, repo.Name, o.OID)}
		if !s.host.Settings().LFS.NoVerify {
			actions["verify"] = s.verification(origin, repo.Name, o.OID)
		}
		out["actions"] = actions
	}
	return out
}

// action is a link for one thing to do with an object.
func (s *Server) action(origin, method, repo, oid string) obj {
	until := s.host.Now().Add(lifetime)
	if s.takeExpired() {
		until = s.host.Now().Add(-time.Minute)
	}
	return obj{"href": s.link(origin, method, Prefix+repo+"/"+oid, until), "header": obj{},
		"expires_in": int(lifetime.Seconds())}
}

// verification is a link that wants a credential of its own in the header.
func (s *Server) verification(origin, repo, oid string) obj {
	path := Prefix + repo + "/" + oid
	return obj{"href": s.link(origin, http.MethodPost, path, s.host.Now().Add(lifetime)),
		"header": obj{"Authorization": "Bearer " + s.sign("verify", path, "")}}
}

// takeExpired says whether the next link is one of those that are out of date: the server
// believes that it is not.
func (s *Server) takeExpired() bool {
	taken := false
	s.host.Set(func(o *fakehost.Settings) {
		if taken = o.LFS.Expired > 0; taken {
			o.LFS.Expired--
		}
	})
	return taken
}

func refuse(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, obj{"message": message, "request_id": "fake"})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", MIME)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}
