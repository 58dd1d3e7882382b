package control_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
)

func TestDeleteTokens_RevokesTheOneThatExists(t *testing.T) {
	t.Parallel()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "ann"})
	h.AddToken("ann", "first")
	h.AddToken("ann", "second")
	handler := control.New(h, func() error { return nil })

	for _, want := range []int{http.StatusOK, http.StatusBadRequest} {
		r := httptest.NewRequest(http.MethodDelete, control.Prefix+"tokens", strings.NewReader(`{"value": "first"}`))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Fatalf("status %d, want %d: %s", w.Code, want, w.Body)
		}
	}
	if _, _, ok := h.UserByToken("first"); ok {
		t.Error("the revoked token still belongs to somebody")
	}
	if _, _, ok := h.UserByToken("second"); !ok {
		t.Error("the other token is gone too")
	}
}
