package fakegitea

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mooring/backends/fakehost"
)

// obj is a JSON object. Large lists use structs, which are faster.
type obj = map[string]any

const jsonMIME = "application/json;charset=utf-8"

// answer is what a route answers.
type answer struct {
	status int  // default 200
	empty  bool // no body
	routed bool // by the router alone, which sets no headers
	body   any  // JSON, unless raw is set
	raw    []byte
	mime   string // of raw
	header map[string]string
	// exposed are the headers that pages of other origins may read. The server
	// names them one by one, and whether CORS is on or not.
	exposed []string
}

func ok(body any) (*answer, error) { return &answer{body: body}, nil }

func created(body any) (*answer, error) { return &answer{status: http.StatusCreated, body: body}, nil }

func noContent() (*answer, error) { return &answer{status: http.StatusNoContent, empty: true}, nil }

// done is a success that says nothing more.
func done() (*answer, error) { return &answer{empty: true}, nil }

// set adds a header, exposed to pages of other origins.
func (a *answer) set(name, value string) {
	if a.header == nil {
		a.header = map[string]string{}
	}
	a.header[name] = value
	a.exposed = append(a.exposed, name)
}

func (c *call) write(w http.ResponseWriter, a *answer) {
	h := w.Header()
	if !a.routed {
		h.Set("Cache-Control", "max-age=0, private, must-revalidate, no-transform")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	for name, value := range a.header {
		h.Set(name, value)
	}
	if len(a.exposed) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(a.exposed, ", "))
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.empty {
		w.WriteHeader(a.status)
		return
	}
	content, mime := a.raw, a.mime
	if content == nil {
		content, mime = encode(a.body), jsonMIME
	}
	h.Set("Content-Type", mime)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(a.status)
	_, _ = w.Write(content) // a client that went away needs no answer
}

func encode(body any) []byte {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(body); err != nil {
		panic(err) // a body that can't be JSON is a mistake in this package
	}
	return b.Bytes()
}

// refuse answers for a fault. The server itself limits nothing; what stands
// before it does.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e fakehost.Effect) {
	c := &call{Server: s, r: r}
	status := e.Status
	if e.PrimaryLimit > 0 {
		status, e.RetryAfter = http.StatusTooManyRequests, e.PrimaryLimit
	}
	a := &answer{status: status, mime: "text/html",
		raw: []byte("<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>")}
	if status == http.StatusInternalServerError {
		a = c.failure(internal())
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter/time.Second)))
	}
	c.write(w, a)
}

// timeText is a time as all answers have it.
func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orNull is a time, or null when there is none.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return timeText(t)
}

// noTime is how Go writes the time that there isn't, and so does the server.
const noTime = "0001-01-01T00:00:00Z"

func digits(n int64) string { return strconv.FormatInt(n, 10) }
