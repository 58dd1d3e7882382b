package fakegitlab

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mooring/backends/fakehost"
)

// obj is a JSON object. Large lists use structs, which are faster.
type obj = map[string]any

// answer is what a route answers.
type answer struct {
	status int // default 200
	body   any // JSON, unless raw is set
	raw    []byte
	mime   string // of raw
	header map[string]string
	noETag bool
}

func ok(body any) (*answer, error) { return &answer{body: body}, nil }

func created(body any) (*answer, error) { return &answer{status: http.StatusCreated, body: body}, nil }

func noContent() (*answer, error) { return &answer{status: http.StatusNoContent}, nil }

// write sends an answer: headers, ETag, 304.
func (c *call) write(w http.ResponseWriter, a *answer) {
	h := w.Header()
	c.header(h)
	if a.status == 0 {
		a.status = http.StatusOK
	}
	h.Set("Cache-Control", "no-cache")
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return
	}
	content, mime := a.raw, a.mime
	if content == nil && a.mime == "" {
		content, mime = encode(a.body), "application/json"
	}
	h.Set("Content-Type", mime)
	head := c.r.Method == http.MethodHead
	if !head && !a.noETag && (a.status == http.StatusOK || a.status == http.StatusCreated) {
		etag := etag(content)
		h.Set("ETag", etag)
		h.Set("Cache-Control", "max-age=0, private, must-revalidate")
		if c.r.Method == http.MethodGet && matches(c.r.Header.Get("If-None-Match"), etag) {
			a.status = http.StatusNotModified
		}
	}
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.status == http.StatusNotModified {
		h.Del("Content-Type")
		w.WriteHeader(a.status)
		return
	}
	if !head {
		h.Set("Content-Length", strconv.Itoa(len(content)))
	}
	w.WriteHeader(a.status)
	if !head {
		_, _ = w.Write(content) // a client that went away needs no answer
	}
}

// encode writes JSON as the host does, with < > & escaped.
func encode(body any) []byte {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // a body that can't be JSON is a mistake in this package
	}
	return b
}

// etag is a weak one of 32 digits, as Rack::ETag makes it.
func etag(content []byte) string {
	sum := sha256.Sum256(content)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

// matches compares weakly, as If-None-Match does.
func matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// header sets what every answer has.
func (c *call) header(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("X-Gitlab-Meta", `{"correlation_id":"fake","version":"1"}`)
	if h.Get("RateLimit-Limit") == "" {
		rate, _ := c.host.Spend(c.rateUser(), "api", 0)
		c.rateHeaders(h, rate)
	}
}

// rateHeaders are those that gitlab.com adds to each answer
// (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers).
func (c *call) rateHeaders(h http.Header, rate fakehost.Rate) {
	h.Set("RateLimit-Limit", strconv.Itoa(rate.Limit))
	h.Set("RateLimit-Name", "throttle_authenticated_api")
	h.Set("RateLimit-Observed", strconv.Itoa(rate.Used))
	h.Set("RateLimit-Remaining", strconv.Itoa(rate.Remaining()))
	h.Set("RateLimit-Reset", strconv.FormatInt(rate.Reset.Unix(), 10))
}

// rateUser is whom requests are counted for: the user, or everybody who isn't
// signed in.
func (c *call) rateUser() string {
	user, _, _ := c.host.UserByToken(c.credential())
	return user.Login
}

// limited counts a request, and is the refusal when none was left. Wrong
// tokens and paths count, too: the real host counts before it looks at them.
func (c *call) limited() *answer {
	rate, ok := c.host.Spend(c.rateUser(), "api", 1)
	if ok {
		return nil
	}
	return c.tooMany(rate)
}

// tooMany is Rack::Attack's answer.
func (c *call) tooMany(rate fakehost.Rate) *answer {
	h := http.Header{}
	c.rateHeaders(h, rate)
	a := &answer{status: http.StatusTooManyRequests, mime: "text/plain", raw: []byte("Retry later\n"), header: map[string]string{
		"Retry-After":         strconv.Itoa(max(int(rate.Reset.Sub(c.host.Now())/time.Second), 1)),
		"RateLimit-ResetTime": rate.Reset.Format(http.TimeFormat),
	}}
	for name := range h {
		a.header[name] = h.Get(name)
	}
	return a
}

// refuse answers for a fault.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e fakehost.Effect) {
	c := &call{Server: s, r: r}
	limit := s.host.Settings().HourlyLimit
	spent := func(d time.Duration) *answer {
		return c.tooMany(fakehost.Rate{Limit: limit, Used: limit, Reset: s.host.Now().Add(d)})
	}
	var a *answer
	switch {
	case e.PrimaryLimit > 0:
		a = spent(e.PrimaryLimit)
	case e.Status == http.StatusTooManyRequests:
		a = spent(max(e.RetryAfter, time.Minute))
	case e.Status == http.StatusForbidden:
		a = c.failure(forbidden(""))
	case e.Status == http.StatusInternalServerError:
		a = c.failure(refused(e.Status, "500 Internal Server Error"))
	default: // from what is in front of the host
		a = &answer{status: e.Status, mime: "text/html; charset=utf-8",
			raw: []byte("<html><body><h1>" + http.StatusText(e.Status) + "</h1></body></html>")}
	}
	if e.RetryAfter > 0 {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header["Retry-After"] = strconv.Itoa(int(e.RetryAfter / time.Second))
	}
	c.write(w, a)
}
