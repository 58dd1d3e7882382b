package fakehost

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
)

// Avatars serves a picture at every path below prefix: a disc in a colour of its own. The
// pictures of the real hosts are of other people, and out of reach of a machine offline.
// No client's requests are among these: they are neither logged nor at fault.
func Avatars(prefix string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of, ok := strings.CutPrefix(r.URL.Path, prefix)
		if !ok || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		h := fnv.New32a()
		_, _ = h.Write([]byte(of)) // never fails
		w.Header().Set("Content-Type", "image/svg+xml")
		// A client that went away needs no picture.
		_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">`+
			`<circle cx="4" cy="4" r="4" fill="hsl(%d 60%% 45%%)"/>`+
			`<circle cx="4" cy="3" r="1.4" fill="#fff"/><path d="M1.4 7a2.6 2.4 0 0 1 5.2 0" fill="#fff"/></svg>`, h.Sum32()%360)
	})
}
