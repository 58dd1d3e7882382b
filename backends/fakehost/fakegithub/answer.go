package fakegithub

import (
	"bytes"
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
	status   int // default 200
	body     any // JSON, unless raw is set
	raw      []byte
	mime     string // of raw
	location string
	links    string // the Link header
	header   map[string]string
}

func ok(body any) (*answer, error) { return &answer{body: body}, nil }

func created(location string, body any) (*answer, error) {
	return &answer{status: http.StatusCreated, body: body, location: location}, nil
}

func noContent() (*answer, error) { return &answer{status: http.StatusNoContent}, nil }

// write sends an answer: headers, ETag, 304.
func (c *call) write(w http.ResponseWriter, a *answer) {
	h := w.Header()
	c.header(h)
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.links != "" {
		h.Set("Link", a.links)
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return
	}
	content, mime := a.raw, a.mime
	if content == nil {
		content, mime = encode(a.body), "application/json; charset=utf-8"
	}
	h.Set("Content-Type", mime)
	if a.status == http.StatusOK || a.status == http.StatusCreated {
		h.Set("Cache-Control", "private, max-age=60, s-maxage=60") // on writes too
	}
	reads := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
	if reads && a.status == http.StatusOK {
		etag := c.etag(content)
		h.Set("ETag", etag)
		if matches(c.r.Header.Get("If-None-Match"), etag) {
			c.refund(h)
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(a.status)
	if c.r.Method != http.MethodHead {
		_, _ = w.Write(content) // a client that went away needs no answer
	}
}

// encode writes JSON as the host does, with < > & as they are.
func encode(body any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		panic(err) // a body that can't be JSON is a mistake in this package
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// etag is a weak one, as the real host's are, and differs between users.
func (c *call) etag(content []byte) string {
	sum := sha256.New()
	sum.Write([]byte(c.user.Login + "\n" + c.r.Header.Get("Accept") + "\n"))
	sum.Write(content)
	return `W/"` + hex.EncodeToString(sum.Sum(nil)) + `"`
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
	h.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, X-Requested-With")
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "origin-when-cross-origin, strict-origin-when-cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'")
	if c.signedIn() {
		h.Set("X-OAuth-Scopes", strings.Join(c.token.Scopes, ", "))
		h.Set("X-Accepted-OAuth-Scopes", "repo")
	}
	if h.Get("X-RateLimit-Limit") == "" {
		rate, _ := c.host.Spend(c.rateUser(), "core", 0)
		c.rateHeaders(h, rate, "core")
	}
}

func (c *call) rateHeaders(h http.Header, rate fakehost.Rate, resource string) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(rate.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(rate.Remaining()))
	h.Set("X-RateLimit-Used", strconv.Itoa(rate.Used))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(rate.Reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", resource)
}

// rateUser is whom requests are counted for: the user, or everybody who isn't
// signed in.
func (c *call) rateUser() string { return c.user.Login }

// refund gives back what a 304 doesn't cost.
func (c *call) refund(h http.Header) {
	c.rateHeaders(h, c.host.Refund(c.rateUser(), "core", 1), "core")
}

// limited counts a request, and is the refusal when none was left.
func (c *call) limited(resource string) *answer {
	if c.r.URL.Path == c.root()+"/rate_limit" {
		return nil
	}
	rate, ok := c.host.Spend(c.rateUser(), resource, 1)
	if ok {
		return nil
	}
	return c.primaryLimit(rate, resource)
}

func (c *call) primaryLimit(rate fakehost.Rate, resource string) *answer {
	a := c.failure(&apiError{status: http.StatusForbidden,
		message: "API rate limit exceeded for user ID " + strconv.FormatInt(c.user.ID, 10) + ".",
		docs:    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"})
	if c.r.URL.Path == c.graphqlPath() {
		a, resource = graphqlLimited(c.user), "graphql"
	}
	h := http.Header{}
	c.rateHeaders(h, rate, resource)
	a.header = map[string]string{}
	for name := range h {
		a.header[name] = h.Get(name)
	}
	return a
}

// refuse answers for a fault.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e fakehost.Effect) {
	c := &call{Server: s, r: r}
	_ = c.authenticate() // who it is matters for the counters alone
	var a *answer
	switch {
	case e.PrimaryLimit > 0:
		reset := s.host.Now().Add(e.PrimaryLimit)
		limit := s.host.Settings().HourlyLimit
		a = c.primaryLimit(fakehost.Rate{Limit: limit, Used: limit, Reset: reset}, "core")
	case e.Status == http.StatusForbidden || e.Status == http.StatusTooManyRequests:
		a = c.failure(&apiError{status: e.Status,
			message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
			docs:    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"})
	default:
		a = &answer{status: e.Status, mime: "text/html; charset=utf-8",
			raw: []byte("<html><body><h1>" + http.StatusText(e.Status) + "</h1></body></html>")}
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter/time.Second)))
	}
	c.write(w, a)
}
