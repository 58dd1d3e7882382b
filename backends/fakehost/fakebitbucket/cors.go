package fakebitbucket

import "net/http"

const (
	corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
	// exposedHeaders are all that pages can read: neither Location nor Retry-After
	// nor the rate limit's headers.
	exposedHeaders = "Accept-Ranges, Content-Encoding, Content-Length, Content-Type, ETag, Last-Modified"
)

// cors lets pages of any origin use the API and Git LFS, without cookies.
// Preflights are in the log, too. How long browsers may keep them is not known:
// the fake says nothing of it, as if it were the least.
func (s *Server) cors(next http.Handler) http.Handler {
	preflight := s.host.Serve(http.HandlerFunc(preflight), s.refuse)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", exposedHeaders)
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
	w.Header().Set("Access-Control-Allow-Methods", corsMethods)
	w.WriteHeader(http.StatusNoContent)
}
