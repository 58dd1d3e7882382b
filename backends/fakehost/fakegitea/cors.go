package fakegitea

import (
	"net/http"
	"net/textproto"
	"path"
	"slices"
	"strings"
)

// CORS is the section [cors] of the server's settings, ENABLED
// (https://docs.gitea.com/administration/config-cheat-sheet#cors-cors).
type CORS struct {
	// AllowDomain are the origins that are let in, with * for any text; default
	// any.
	AllowDomain []string
	// Headers are request headers that are let in beside Authorization,
	// X-Gitea-OTP, Content-Type and User-Agent.
	Headers []string
}

// cors does what github.com/go-chi/cors does with Gitea's settings. Without
// them there is no word of CORS in any answer, and OPTIONS is an unknown
// method. Preflights are in the log, too.
func (s *Server) cors(o *CORS, next http.Handler) http.Handler {
	if o == nil {
		return next
	}
	preflight := s.host.Serve(http.HandlerFunc(o.preflight), s.refuse)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" && origin != "" {
			preflight.ServeHTTP(w, r)
			return
		}
		if origin != "" && o.allows(origin) {
			w.Header().Set("Access-Control-Allow-Origin", o.allowed(origin))
		}
		next.ServeHTTP(w, r)
	})
}

// preflight answers with 200 in any case: what isn't let in gets no headers.
func (o *CORS) preflight(w http.ResponseWriter, r *http.Request) {
	o.allow(w.Header(), r)
	w.WriteHeader(http.StatusOK)
}

// allow says what a page may send.
func (o *CORS) allow(h http.Header, r *http.Request) {
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	h.Add("Vary", "Access-Control-Request-Method")
	h.Add("Vary", "Access-Control-Request-Headers")
	var asked []string
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			asked = append(asked, textproto.CanonicalMIMEHeaderKey(name))
		}
	}
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
	if !o.allows(origin) || !slices.Contains(methods, strings.ToUpper(method)) ||
		slices.ContainsFunc(asked, func(name string) bool { return !o.takes(name) }) {
		return
	}
	h.Set("Access-Control-Allow-Origin", o.allowed(origin))
	h.Set("Access-Control-Allow-Methods", strings.ToUpper(method))
	if len(asked) > 0 {
		h.Set("Access-Control-Allow-Headers", strings.Join(asked, ", "))
	}
	h.Set("Access-Control-Max-Age", "600")
}

func (o *CORS) takes(header string) bool {
	is := func(name string) bool { return strings.EqualFold(name, header) }
	return slices.ContainsFunc([]string{"Authorization", "X-Gitea-OTP", "Content-Type", "User-Agent", "Origin"}, is) ||
		slices.ContainsFunc(o.Headers, is)
}

func (o *CORS) any() bool { return len(o.AllowDomain) == 0 || slices.Contains(o.AllowDomain, "*") }

func (o *CORS) allows(origin string) bool {
	return o.any() || slices.ContainsFunc(o.AllowDomain, func(pattern string) bool {
		matched, err := path.Match(strings.ReplaceAll(strings.ToLower(pattern), "/", "|"), strings.ReplaceAll(strings.ToLower(origin), "/", "|"))
		return err == nil && matched
	})
}

// allowed is the value of Access-Control-Allow-Origin.
func (o *CORS) allowed(origin string) string {
	if o.any() {
		return "*"
	}
	return origin
}
