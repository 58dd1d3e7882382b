package nethttp

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

func serve(t *testing.T, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c := New(5 * time.Second)
	t.Cleanup(c.Close)
	return c, srv.URL
}

func TestDo_CarriesEverything(t *testing.T) {
	t.Parallel()
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Echo", r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("X-In"))
		w.WriteHeader(418)
		_, _ = w.Write(body)
	})
	got, err := c.Do(t.Context(), &rest.Request{Method: "PUT", URL: base + "/a%2Fb?c=%23",
		Header: rest.Header{"x-in": "v"}, Body: []byte("\x00ü")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != 418 || string(got.Body) != "\x00ü" || got.Header.Get("X-ECHO") != "PUT /a%2Fb?c=%23 v" {
		t.Fatalf("got %d %q %v", got.Status, got.Body, got.Header)
	}
}

func TestDo_RedirectToOtherOrigin_NotFollowed(t *testing.T) {
	t.Parallel()
	c, other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other origin was asked") })
	c2, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/here" {
			http.Redirect(w, r, "/there", http.StatusFound)
			return
		}
		if r.URL.Path == "/there" {
			_, _ = io.WriteString(w, "arrived")
			return
		}
		http.Redirect(w, r, other+"/x", http.StatusFound)
	})
	_ = c
	got, err := c2.Do(t.Context(), &rest.Request{Method: "GET", URL: base + "/away", Header: rest.Header{"authorization": "secret"}})
	if err != nil || got.Status != http.StatusFound {
		t.Fatalf("got %v, %v", got, err)
	}
	got, err = c2.Do(t.Context(), &rest.Request{Method: "GET", URL: base + "/here"})
	if err != nil || string(got.Body) != "arrived" {
		t.Fatalf("got %v, %v", got, err)
	}
}

func TestDo_Failures(t *testing.T) {
	t.Parallel()
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/half":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/slow":
			<-r.Context().Done()
		}
	})
	for name, url := range map[string]string{
		"truncated": base + "/half?token=secret", "aborted": base + "/cut?token=secret",
		"refused": "http://127.0.0.1:1/?token=secret",
	} {
		_, err := c.Do(t.Context(), &rest.Request{Method: "GET", URL: url})
		e := cmserr.From(err)
		if e.Kind != cmserr.Network || !strings.Contains(e.Msg, rest.Origin(url)) {
			t.Errorf("%s: got %v %v", name, e.Kind, err)
		}
		if strings.Contains(err.Error()+e.Err.Error(), "secret") {
			t.Errorf("%s: the error tells the query: %v", name, e.Err)
		}
	}
	if _, err := c.Do(t.Context(), &rest.Request{Method: "GET", URL: "http://[bad"}); !cmserr.Is(err, cmserr.Invalid) {
		t.Errorf("bad address: got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := c.Do(ctx, &rest.Request{Method: "GET", URL: base + "/slow"}); !cmserr.Is(err, cmserr.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestDo_Timeout(t *testing.T) {
	t.Parallel()
	_, base := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := New(30 * time.Millisecond)
	defer c.Close()
	if _, err := c.Do(t.Context(), &rest.Request{Method: "GET", URL: base}); !cmserr.Is(err, cmserr.Network) {
		t.Errorf("silent host: got %v", err)
	}
}
