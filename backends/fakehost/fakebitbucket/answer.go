package fakebitbucket

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mooring/backends/fakehost"
)

// obj is a JSON object.
type obj = map[string]any

// answer is what a route answers.
type answer struct {
	status int // default 200
	body   any // JSON, unless mime is set
	raw    []byte
	mime   string // of raw
	header map[string]string
}

func ok(body any) (*answer, error) { return &answer{body: body}, nil }

// empty is an answer without a body, which the real host calls HTML.
func empty(status int) *answer { return &answer{status: status, mime: htmlType} }

const (
	jsonType = "application/json; charset=utf-8"
	htmlType = "text/html; charset=utf-8"
)

// write sends an answer: headers, the fields that were asked for, ETag, 304.
func (c *call) write(w http.ResponseWriter, a *answer) {
	h := w.Header()
	c.header(h)
	if a.status == 0 {
		a.status = http.StatusOK
	}
	content, mime := a.raw, a.mime
	if mime == "" {
		body := a.body
		if a.status < http.StatusBadRequest {
			body = selection(c.params["fields"]).of(body)
		}
		content, mime = encode(body), jsonType
	}
	h.Set("Content-Type", mime)
	for name, value := range a.header {
		h.Set(name, value)
	}
	if tag := h.Get("ETag"); tag != "" && matches(c.r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if a.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(content)))
	}
	w.WriteHeader(a.status)
	if c.r.Method != http.MethodHead {
		_, _ = w.Write(content) // a client that went away needs no answer
	}
}

func encode(body any) []byte {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // a body that can't be JSON is a mistake in this package
	}
	return b
}

func matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		if candidate = strings.TrimSpace(candidate); candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}

// header sets what every answer has.
func (c *call) header(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Vary", "Authorization")
	if c.token.Value == "" {
		return
	}
	h.Set("X-OAuth-Scopes", strings.Join(c.token.Scopes, ", "))
	h.Set("X-Credential-Type", "oauth2")
	if c.route != nil && c.route.scope != "" {
		h.Set("X-Accepted-OAuth-Scopes", c.route.scope)
	}
	if isBot(c.user) {
		c.rateHeader(h)
	}
}

// rateHeader tells access tokens, and nobody else, where they stand with the
// limit
// (https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/#New-Bitbucket-API-Rate-Limit-Headers).
func (c *call) rateHeader(h http.Header) {
	rate, _ := c.host.Spend(c.user.Login, apiLimit, 0)
	h.Set("X-Credential-Type", "access_token")
	h.Set("X-RateLimit-Limit", strconv.Itoa(rate.Limit))
	h.Set("X-RateLimit-Resource", "api-repositories")
	h.Set("X-RateLimit-NearLimit", strconv.FormatBool(rate.Remaining() < rate.Limit/5))
}

// apiLimit is what requests are counted for.
const apiLimit = "api"

// limited counts a request, and refuses it when none was left.
func (c *call) limited() error {
	value, _ := c.credential()
	user, _, _ := c.host.UserByToken(value)
	if _, left := c.host.Spend(user.Login, apiLimit, 1); !left {
		return errTooMany
	}
	return nil
}

// errTooMany doesn't say when to come back: the real host's doesn't either.
var errTooMany = &apiError{status: http.StatusTooManyRequests, message: "Rate limit for this resource has been exceeded"}

// refuse answers for a fault.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e fakehost.Effect) {
	c := &call{Server: s, r: r, params: r.URL.Query()}
	var a *answer
	switch {
	case e.PrimaryLimit > 0, e.Status == http.StatusTooManyRequests:
		a = c.failure(errTooMany)
	case slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusInternalServerError, status555}, e.Status):
		a = c.failure(&apiError{status: e.Status, message: "Something went wrong"})
	default: // from what is in front of the host
		a = &answer{status: e.Status, mime: htmlType,
			raw: []byte("<html><body><h1>" + http.StatusText(e.Status) + "</h1></body></html>")}
	}
	if e.RetryAfter > 0 {
		a.header = map[string]string{"Retry-After": strconv.Itoa(int(e.RetryAfter / time.Second))}
	}
	c.write(w, a)
}
