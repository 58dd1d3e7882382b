package fakegithub

import (
	"net/http"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// lfsBatch says where objects can be got from or put.
func (s *Server) lfsBatch(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, r: r}
	if err := c.authenticate(); err != nil {
		w.Header().Set("LFS-Authenticate", `Basic realm="GitHub"`)
		writeJSON(w, fakelfs.MIME, http.StatusUnauthorized, obj{"message": err.Error()})
		return
	}
	name, isGit := strings.CutSuffix(r.PathValue("repo"), ".git")
	if err := c.enter(r.PathValue("owner"), name); err != nil || !isGit {
		writeJSON(w, fakelfs.MIME, http.StatusNotFound, obj{"message": "Not Found"})
		return
	}
	s.lfs.Batch(w, r, fakelfs.Repo{Name: c.repo.FullName(), Objects: c.repo,
		SignedIn: c.signedIn(), MayWrite: c.permission() >= fakehost.Write})
}
