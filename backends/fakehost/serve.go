package fakehost

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Request is one line of the request log.
type Request struct {
	Method    string
	Path      string // decoded, without the query
	Query     string // as it was sent
	Operation string // GraphQL operation name
	Status    int    // 0 while under way, or when the connection was cut
	Faulty    bool   // a Rule had an effect
	At        time.Time
	Err       string // what a checker found wrong with it: see NoteError
}

// Requests is the log since the last ClearRequests, in order of arrival.
// Preflights are in it too (OPTIONS).
func (h *Host) Requests() []Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]Request, len(h.requests))
	for i, q := range h.requests {
		list[i] = *q
	}
	return list
}

// ClearRequests empties the log.
func (h *Host) ClearRequests() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = nil
}

// Refuser writes a host's own answer for an Effect with a Status or a
// PrimaryLimit.
type Refuser func(http.ResponseWriter, *http.Request, Effect)

// Serve puts the log, the latency and the faults in front of a host's handler.
// A cut connection is a panic with http.ErrAbortHandler, which net/http's
// server turns into one.
func (h *Host) Serve(next http.Handler, refuse Refuser) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := &Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Operation: operation(r), At: h.now()}
		h.mu.Lock()
		h.requests = append(h.requests, entry)
		latency := h.settings.Latency
		h.mu.Unlock()
		var effect Effect
		if r.Method != http.MethodOptions {
			effect = h.fault(entry)
		}
		if latency += effect.Latency; latency > 0 && !h.sleep(r.Context(), latency) {
			panic(http.ErrAbortHandler)
		}
		// The log is written before the answer: whoever has the answer finds it.
		note := func(status int) {
			h.mu.Lock()
			defer h.mu.Unlock()
			entry.Status = status
		}
		out := &recorder{ResponseWriter: w, note: note}
		h.serve(out, r, next, refuse, effect)
		if !out.started {
			out.WriteHeader(http.StatusOK)
		}
	})
}

func (h *Host) serve(w *recorder, r *http.Request, next http.Handler, refuse Refuser, e Effect) {
	if e.CutBefore {
		panic(http.ErrAbortHandler)
	}
	if e.NoCORS {
		w.hide = true
	}
	if e.Status != 0 || e.PrimaryLimit > 0 {
		refuse(w, r, e)
		return
	}
	if e.CutAfter {
		h.record(e.StaleReads, func() { next.ServeHTTP(&lost{header: http.Header{}}, r) })
		panic(http.ErrAbortHandler)
	}
	h.record(e.StaleReads, func() { next.ServeHTTP(w, r) })
}

// NoteError adds to the log what a checker found wrong with a request.
func (h *Host) NoteError(q *http.Request, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, entry := range slices.Backward(h.requests) {
		if entry.Status == 0 && entry.Method == q.Method && entry.Path == q.URL.Path {
			entry.Err = err.Error()
			return
		}
	}
}

// recorder notes the status of an answer.
type recorder struct {
	http.ResponseWriter
	note    func(status int)
	started bool
	hide    bool // CORS headers
}

func (w *recorder) WriteHeader(status int) {
	if w.hide {
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				w.Header().Del(name)
			}
		}
	}
	w.started = true
	w.note(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if !w.started {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// lost swallows an answer.
type lost struct{ header http.Header }

func (l *lost) Header() http.Header         { return l.header }
func (l *lost) Write(b []byte) (int, error) { return len(b), nil }
func (l *lost) WriteHeader(int)             {}

var named = regexp.MustCompile(`^\s*(?:query|mutation)\s+(\w+)`)

// operation is the name of the GraphQL operation that a request asks for. The
// body stays readable.
func operation(r *http.Request) string {
	if r.Method != http.MethodPost || r.Body == nil || !strings.HasSuffix(r.URL.Path, "/graphql") {
		return ""
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var q struct {
		Query         string `json:"query"`
		OperationName string `json:"operationName"`
	}
	if err != nil || json.Unmarshal(body, &q) != nil {
		return ""
	}
	if q.OperationName != "" {
		return q.OperationName
	}
	if m := named.FindStringSubmatch(q.Query); m != nil {
		return m[1]
	}
	return ""
}
