package fakehost

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAvatars(t *testing.T) {
	t.Parallel()
	h := Avatars("/avatars/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	one, other := ask("GET", "/avatars/1.png"), ask("GET", "/avatars/2.png")
	if !strings.HasPrefix(one.Body.String(), "<svg ") || one.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%d %s", one.Code, one.Body)
	}
	if one.Body.String() == other.Body.String() {
		t.Error("two people have the same picture")
	}
	for method, path := range map[string]string{"POST": "/avatars/1.png", "GET": "/user"} {
		if w := ask(method, path); w.Code != http.StatusTeapot {
			t.Errorf("%s %s is no picture, and not the host's either: %d", method, path, w.Code)
		}
	}
}
