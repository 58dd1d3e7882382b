package fakehost

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// counter answers 200 and counts what it was asked.
type counter struct {
	mu       sync.Mutex
	requests []string
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.requests)
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r.Method+" "+r.URL.Path+" "+string(body))
	_, _ = io.WriteString(w, "done")
}

func refuse(w http.ResponseWriter, _ *http.Request, e Effect) { w.WriteHeader(e.Status) }

// send gives a request to a host with one handler. cut says whether the
// connection was cut.
func send(h *Host, next http.Handler, method, path, body string) (answer *httptest.ResponseRecorder, cut bool) {
	answer = httptest.NewRecorder()
	defer func() {
		if err, ok := recover().(error); ok && errors.Is(err, http.ErrAbortHandler) {
			cut = true
		}
	}()
	h.Serve(next, refuse).ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	return answer, false
}

func TestServe_Cut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		effect Effect
		done   int
	}{
		"before": {Effect{CutBefore: true}, 0},
		"after":  {Effect{CutAfter: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, next := New(Options{}), &counter{}
			h.Fault(Rule{Count: 1, Effect: c.effect})
			answer, cut := send(h, next, "POST", "/x", "body")
			if !cut || answer.Body.Len() > 0 || next.count() != c.done {
				t.Errorf("cut %v, answered %q, done %v", cut, answer.Body, next.requests)
			}
			if answer, cut := send(h, next, "POST", "/x", "body"); cut || answer.Body.String() != "done" {
				t.Error("the second request went wrong too")
			}
			if log := h.Requests(); log[0].Status != 0 || !log[0].Faulty || log[1].Status != 200 || log[1].Faulty {
				t.Errorf("the log is %+v", log)
			}
		})
	}
}

// TestServe_CutOverNetwork sees what a client sees of a lost answer.
func TestServe_CutOverNetwork(t *testing.T) {
	t.Parallel()
	h, next := New(Options{}), &counter{}
	h.Fault(Rule{Method: "POST", Count: 1, Effect: Effect{CutAfter: true}})
	s := httptest.NewServer(h.Serve(next, refuse))
	defer s.Close()
	res, err := http.Post(s.URL, "text/plain", strings.NewReader("x"))
	if err == nil {
		res.Body.Close()
		t.Fatalf("an answer came: %s", res.Status)
	}
	if next.count() != 1 {
		t.Errorf("done %d times", next.count())
	}
}

func TestFault_Rules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule Rule
		want string // statuses, in order
	}{
		"count":     {Rule{Count: 2, Effect: Effect{Status: 502}}, "502 502 200 200"},
		"skip":      {Rule{Skip: 1, Count: 1, Effect: Effect{Status: 502}}, "200 502 200 200"},
		"for ever":  {Rule{Effect: Effect{Status: 502}}, "502 502 502 502"},
		"method":    {Rule{Method: "get", Effect: Effect{Status: 502}}, "200 502 200 200"},
		"path":      {Rule{Path: "/a/*/c", Effect: Effect{Status: 502}}, "502 200 200 200"},
		"decoded":   {Rule{Path: "/x y", Effect: Effect{Status: 502}}, "200 502 200 200"},
		"operation": {Rule{Operation: "Blobs", Effect: Effect{Status: 502}}, "200 200 502 502"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, next := New(Options{}), &counter{}
			h.Fault(c.rule)
			var got []string
			for _, q := range [][3]string{
				{"PUT", "/a/b%2Fb/c", ""}, {"GET", "/x%20y", ""},
				{"POST", "/graphql", `{"query":"query Blobs($a: Int) { x }"}`},
				{"POST", "/api/graphql", `{"operationName":"Blobs","query":"query A { x } query Blobs { x }"}`},
			} {
				answer, _ := send(h, next, q[0], q[1], q[2])
				got = append(got, strconv.Itoa(answer.Code))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, not %s", s, c.want)
			}
		})
	}
}

func TestServe_Latency(t *testing.T) {
	t.Parallel()
	var slept []time.Duration
	h := New(Options{Sleep: func(_ context.Context, d time.Duration) bool {
		slept = append(slept, d)
		return true
	}})
	h.Set(func(s *Settings) { s.Latency = 40 * time.Millisecond })
	h.Fault(Rule{Method: "POST", Effect: Effect{Latency: time.Second}})
	next := &counter{}
	for _, method := range []string{"GET", "POST", "OPTIONS"} {
		send(h, next, method, "/x", "")
	}
	if len(slept) != 3 || slept[0] != 40*time.Millisecond || slept[1] != 1040*time.Millisecond || slept[2] != 40*time.Millisecond {
		t.Errorf("slept %v", slept)
	}
}

func TestServe_StaleReads(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	before := f.head("main")
	f.host.Fault(Rule{Method: "PATCH", Count: 1, Effect: Effect{StaleReads: 2}})
	write := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		f.commit("main", "a=2")
		if err := f.repo.CreateRef("", "refs/heads/new", f.head("main")); err != nil {
			t.Error(err)
		}
	})
	send(f.host, write, "PATCH", "/x", "")
	after := f.head("main")
	if before == after {
		t.Fatal("nothing was written")
	}
	if list := f.repo.SeenRefs("refs/heads/"); len(list) != 1 || list[0].ID != before {
		t.Errorf("the first reader sees %v", list)
	}
	if ref, ok := f.repo.SeenRef("refs/heads/main"); !ok || ref.ID != before {
		t.Errorf("the second reader sees %v", ref)
	}
	if ref, ok := f.repo.SeenRef("refs/heads/main"); !ok || ref.ID != after {
		t.Errorf("the third reader sees %v", ref)
	}
	if _, ok := f.repo.SeenRef("refs/heads/new"); ok {
		t.Error("the second reader sees the new branch")
	}
	if _, ok := f.repo.SeenRef("refs/heads/new"); !ok {
		t.Error("the third reader doesn't see the new branch")
	}
	f.commit("main", "a=3")
	if ref, _ := f.repo.SeenRef("refs/heads/main"); ref.ID != f.head("main") {
		t.Error("a write that no rule met is seen late")
	}
}
