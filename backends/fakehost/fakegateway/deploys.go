package fakegateway

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rs/cors"
)

// APIPrefix is where the fake has Netlify's own API, whose root is
// https://api.netlify.com/api/v1, and StatusPath what
// https://www.netlifystatus.com has there.
const (
	APIPrefix  = "/api/v1"
	StatusPath = "/api/v2/components.json"
)

// Deploy is a build of the site.
type Deploy struct {
	Commit string // of the host's repository
	Branch string
	State  string // ready, building, enqueued, error, …
	URL    string // of this very deploy
	at     time.Time
	id     string
}

// AddDeploy notes a deploy. The list has the newest first.
func (s *Server) AddDeploy(d Deploy) {
	d.at, d.id = s.host.Now(), strings.ToLower(rand.Text()[:24])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deploys = slices.Insert(s.deploys, 0, d)
}

// anyOrigin is the CORS of Netlify's services that keep no session.
var anyOrigin = cors.New(cors.Options{
	AllowedMethods:       []string{http.MethodGet, http.MethodPost, http.MethodPut},
	AllowedHeaders:       []string{"Accept", "Authorization", "Content-Type"},
	AllowCredentials:     true,
	OptionsSuccessStatus: http.StatusOK,
})

// netlifyError is an error of Netlify's API, which calls the text otherwise than
// the gateway does.
type netlifyError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func writeNetlifyError(w http.ResponseWriter, code int, message string) {
	writeJSON(w, "application/json", code, netlifyError{code, message})
}

// serveAPI answers GET sites/{domain or id} and sites/{id}/deploys
// (https://open-api.netlify.com/#tag/deploy/operation/listSiteDeploys).
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, APIPrefix+"/sites/")
	site, what, _ := strings.Cut(strings.TrimSuffix(rest, "/"), "/")
	switch {
	case !ok || r.Method != http.MethodGet || !s.isSite(site):
		writeNetlifyError(w, http.StatusNotFound, "Not Found")
	case what == "":
		writeJSON(w, "application/json", http.StatusOK, map[string]any{
			"id": s.options.Site, "site_id": s.options.Site, "name": "site", "url": "http://" + r.Host, "state": "current"})
	case what != "deploys":
		writeNetlifyError(w, http.StatusNotFound, "Not Found")
	case s.Settings().PrivateDeploys:
		writeNetlifyError(w, http.StatusUnauthorized, "Access Denied")
	default:
		s.listDeploys(w, r)
	}
}

// isSite says whether a name is the site's id or a domain: any domain is the
// site's.
func (s *Server) isSite(name string) bool {
	return name == s.options.Site || name == "localhost" || strings.Contains(name, ".")
}

func (s *Server) listDeploys(w http.ResponseWriter, r *http.Request) {
	size, page := number(r, "per_page", 100), number(r, "page", 1)
	s.mu.Lock()
	deploys := slices.Clone(s.deploys)
	s.mu.Unlock()
	from := min((page-1)*size, len(deploys))
	list := []map[string]any{}
	for _, d := range deploys[from:min(from+size, len(deploys))] {
		list = append(list, map[string]any{
			"id": d.id, "site_id": s.options.Site, "state": d.State, "name": "site", "branch": d.Branch, "commit_ref": d.Commit,
			"url": "http://" + r.Host, "deploy_url": d.URL, "deploy_ssl_url": strings.Replace(d.URL, "http://", "https://", 1),
			"context": "deploy-preview", "error_message": nil, "created_at": d.at, "updated_at": d.at})
	}
	writeJSON(w, "application/json", http.StatusOK, list)
}

// number is a parameter from 1 to 100.
func number(r *http.Request, name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return min(n, 100)
}

// serveStatus lists Netlify's parts with their state
// (https://www.netlifystatus.com/api#components).
func (s *Server) serveStatus(w http.ResponseWriter, _ *http.Request) {
	state := "operational"
	if s.Settings().Degraded {
		state = "major_outage"
	}
	writeJSON(w, "application/json", http.StatusOK, map[string]any{
		"page": map[string]string{"name": "Netlify", "url": "https://www.netlifystatus.com"},
		"components": []map[string]string{
			{"id": "d4b1n8fdfy4z", "name": "Git Gateway", "status": state},
			{"id": "1cvhg5zb7dx1", "name": "Netlify Identity", "status": "operational"},
		}})
}
