// Package control lets another process arrange a fakehost.Host over HTTP:
// browser tests, benchmarks and the demo do.
//
// Everything is JSON, below /_fake/. Repositories are named owner/name, files
// are {"content": text} or {"base64": bytes} with an optional "mode", times are
// in milliseconds. A wrong request is answered with 400 and {"error": text}.
package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"mooring/backends/fakehost"
)

// Prefix is where the handler's paths begin.
const Prefix = "/_fake/"

type controller struct {
	host *fakehost.Host
	seed func() error
}

// New makes the handler. seed fills a Host that was reset, as it was filled at
// the start.
func New(h *fakehost.Host, seed func() error) http.Handler {
	c := &controller{host: h, seed: seed}
	return handler(Prefix, map[string]func(*http.Request) (any, error){
		"POST reset":        c.reset,
		"POST settings":     c.settings,
		"POST users":        c.addUser,
		"DELETE tokens":     c.removeToken,
		"POST repositories": c.addRepository,
		"POST permissions":  c.setPermission,
		"POST members":      c.setMember,
		"POST shares":       c.share,
		"POST commits":      c.commit,
		"POST protection":   c.protect,
		"POST statuses":     c.addStatus,
		"POST checks":       c.addCheck,
		"POST deployments":  c.addDeployment,
		"POST reviews":      c.addReview,
		"POST comments":     c.addComments,
		"POST lfs":          c.addLFS,
		"GET lfs":           c.lfs,
		"POST faults":       c.addFault,
		"DELETE faults":     c.clearFaults,
		"POST limits":       c.setLimit,
		"GET requests":      c.requests,
		"DELETE requests":   c.clearRequests,
		"GET tree":          c.tree,
		"GET branches":      c.branches,
	})
}

// handler serves routes, by method and path below a prefix.
func handler(prefix string, routes map[string]func(*http.Request) (any, error)) http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+prefix+path, serve(do))
	}
	return cors(mux)
}

// cors lets test pages of any origin in.
func cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
		w.Header().Set("Cache-Control", "no-store")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func serve(do func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body, err := do(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			body = map[string]string{"error": err.Error()}
		}
		if body == nil {
			body = struct{}{}
		}
		_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
	}
}

// read decodes a request's body, and refuses fields that don't exist: a
// misspelt one would do nothing.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("the body of %s: %w", r.URL.Path, err)
	}
	return nil
}

func (c *controller) repository(fullName string) (*fakehost.Repository, error) {
	at := max(strings.LastIndexByte(fullName, '/'), 0) // an owner may be a group below another one
	r, ok := c.host.Repository(fullName[:at], strings.TrimPrefix(fullName[at:], "/"))
	if !ok {
		return nil, fmt.Errorf("there is no repository %q", fullName)
	}
	return r, nil
}

// reset empties the host, and fills it anew unless {"empty": true}.
func (c *controller) reset(r *http.Request) (any, error) {
	var in struct{ Empty bool }
	if err := readOptional(r, &in); err != nil {
		return nil, err
	}
	c.host.Reset()
	if in.Empty {
		return nil, nil
	}
	return nil, c.seed()
}

func readOptional(r *http.Request, into any) error {
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil || body.Len() == 0 {
		return err
	}
	return json.Unmarshal(body.Bytes(), into)
}
