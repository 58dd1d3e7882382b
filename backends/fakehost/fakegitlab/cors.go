package fakegitlab

import (
	"net/http"
	"strings"
)

const (
	corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
	// exposedHeaders are all that pages can read: neither ETag nor Retry-After
	// nor the rate limit's headers.
	exposedHeaders = "Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page, X-Gitlab-Blob-Id, " +
		"X-Gitlab-Commit-Id, X-Gitlab-Content-Sha256, X-Gitlab-Encoding, X-Gitlab-File-Name, X-Gitlab-File-Path, " +
		"X-Gitlab-Last-Commit-Id, X-Gitlab-Ref, X-Gitlab-Size"
)

// cors lets pages of any origin use the API, without cookies, and nothing else
// of the host (config/application.rb). Preflights are in the log, too.
func (s *Server) cors(next http.Handler) http.Handler {
	preflight := s.host.Serve(http.HandlerFunc(preflight), s.refuse)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		if r.Header.Get("Origin") == "" || !strings.HasPrefix(r.URL.Path, s.options.Root+"/api/") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", corsMethods)
		w.Header().Set("Access-Control-Expose-Headers", exposedHeaders)
		w.Header().Set("Access-Control-Max-Age", "7200")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			preflight.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// preflight allows whatever headers are asked for.
func preflight(w http.ResponseWriter, r *http.Request) {
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		w.Header().Set("Access-Control-Allow-Headers", headers)
	}
	w.WriteHeader(http.StatusOK)
}
