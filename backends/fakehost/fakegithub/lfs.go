package fakegithub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"mooring/backends/fakehost"
)

const lfsMIME = "application/vnd.git-lfs+json"

// lfsObject is an object of a batch request.
type lfsObject struct {
	OID  string `json:"oid"`
	Size int64  `json:"size"`
}

// lfsBatch says where objects can be got from or put
// (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md).
func (s *Server) lfsBatch(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, r: r}
	if err := c.authenticate(); err != nil {
		lfsUnauthorized(w, err.Error())
		return
	}
	name, isGit := strings.CutSuffix(r.PathValue("repo"), ".git")
	if err := c.enter(r.PathValue("owner"), name); err != nil || !isGit {
		writeJSON(w, lfsMIME, http.StatusNotFound, obj{"message": "Not Found"})
		return
	}
	var in struct {
		Operation string
		Objects   []lfsObject
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Operation != "download" && in.Operation != "upload" {
		writeJSON(w, lfsMIME, http.StatusUnprocessableEntity, obj{"message": "Invalid batch request"})
		return
	}
	if in.Operation == "upload" && !c.signedIn() {
		lfsUnauthorized(w, "Credentials needed")
		return
	}
	if in.Operation == "upload" && c.permission() < fakehost.Write {
		writeJSON(w, lfsMIME, http.StatusForbidden, obj{"message": "You must have push access to verify locks"})
		return
	}
	list := []obj{}
	for _, o := range in.Objects {
		list = append(list, c.lfsActions(in.Operation, o))
	}
	writeJSON(w, lfsMIME, http.StatusOK, obj{"transfer": "basic", "objects": list, "hash_algo": "sha256"})
}

func lfsUnauthorized(w http.ResponseWriter, message string) {
	w.Header().Set("LFS-Authenticate", `Basic realm="GitHub"`)
	writeJSON(w, lfsMIME, http.StatusUnauthorized, obj{"message": message})
}

// lfsActions is one object of a batch answer: an upload of what is there
// already has no actions.
func (c *call) lfsActions(operation string, o lfsObject) obj {
	_, has := c.repo.LFS(o.OID)
	out := obj{"oid": o.OID, "size": o.Size}
	switch {
	case operation == "download" && !has:
		out["error"] = obj{"code": 404, "message": "Object does not exist on the server or you don't have permissions to access it"}
	case operation == "download":
		out["actions"] = obj{"download": c.lfsAction("GET", o.OID, "")}
	case !has:
		out["actions"] = obj{"upload": c.lfsAction("PUT", o.OID, ""), "verify": c.lfsAction("POST", o.OID, "/verify")}
	}
	return out
}

func (c *call) lfsAction(method, oid, suffix string) obj {
	const expires = 3600 // seconds
	what := c.repo.FullName() + "/" + oid
	return obj{"href": c.web("_lfs", what) + suffix + "?signature=" + c.signature(method, what),
		"header": obj{}, "expires_in": expires}
}

// lfsRepo finds the repository of a signed storage address.
func (s *Server) lfsRepo(w http.ResponseWriter, r *http.Request) *fakehost.Repository {
	repo, ok := s.host.Repository(r.PathValue("owner"), r.PathValue("repo"))
	if ok && s.signed(r, r.Method, repo.FullName()+"/"+r.PathValue("oid")) {
		return repo
	}
	http.Error(w, "the signature does not match", http.StatusForbidden)
	return nil
}

func (s *Server) lfsDownload(w http.ResponseWriter, r *http.Request) {
	repo := s.lfsRepo(w, r)
	if repo == nil {
		return
	}
	content, ok := repo.LFS(r.PathValue("oid"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(content) // a client that went away needs no answer
}

func (s *Server) lfsUpload(w http.ResponseWriter, r *http.Request) {
	repo := s.lfsRepo(w, r)
	if repo == nil {
		return
	}
	content, err := io.ReadAll(r.Body)
	sum := sha256.Sum256(content)
	if err != nil || hex.EncodeToString(sum[:]) != r.PathValue("oid") {
		http.Error(w, "the content does not match its id", http.StatusBadRequest)
		return
	}
	repo.PutLFS(content)
}

func (s *Server) lfsVerify(w http.ResponseWriter, r *http.Request) {
	repo := s.lfsRepo(w, r)
	if repo == nil {
		return
	}
	var in lfsObject
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeJSON(w, lfsMIME, http.StatusUnprocessableEntity, obj{"message": "Invalid request"})
		return
	}
	content, ok := repo.LFS(r.PathValue("oid"))
	if !ok || int64(len(content)) != in.Size {
		writeJSON(w, lfsMIME, http.StatusNotFound, obj{"message": "Object does not exist on the server"})
	}
}
