package fakeoauth

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// page is what a person sees of the host.
type page struct {
	Host, Problem    string
	App, To, Request string
	Scopes, Logins   []string
	Nonce            string // of the style
	action           string // where the form may lead: see write
}

var pages = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Host}}</title>
<style nonce="{{.Nonce}}">
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
  button, select { font: inherit; padding: .4rem 1rem; }
</style>
{{if .Problem}}<h1>{{.Host}}</h1>
<p role="alert">{{.Problem}}</p>
{{else}}<h1>Authorize {{.App}}</h1>
<p>{{.App}} asks for access to your account at {{.Host}}{{with .Scopes}}:{{else}}.{{end}}</p>
{{with .Scopes}}<ul>{{range .}}<li><code>{{.}}</code></li>{{end}}</ul>{{end}}
<form method="post" action="?">
  <input type="hidden" name="request" value="{{.Request}}">
  <p><label>Signed in as
    <select name="login">{{range .Logins}}<option>{{.}}</option>{{end}}</select></label></p>
  <p><button name="decision" value="authorize">Authorize</button>
    <button name="decision" value="cancel">Cancel</button></p>
</form>
<p>You go on to <code>{{.To}}</code>.</p>
{{end}}</html>
`))

// consent is the page that asks for a decision.
func (s *Server) consent(id string, ask *request) *page {
	logins := s.settings.Logins
	if len(logins) == 0 {
		logins = []string{s.settings.Login}
	}
	to := ask.redirect
	if at, err := url.Parse(to); err == nil {
		to = at.Scheme + "://" + at.Host
	}
	name := ask.app.Name
	if name == "" {
		name = ask.app.ID
	}
	return &page{Host: s.dialect.name, App: name, To: to, Request: id, Scopes: ask.scopes, Logins: logins, action: to}
}

// problem is the page that ends it.
func (s *Server) problem(text string) *page { return &page{Host: s.dialect.name, Problem: text} }

// write sends the page. Its policy names where the form leads: browsers hold
// redirects after a form against it, too.
func (p *page) write(w http.ResponseWriter, status int) {
	p.Nonce = rand.Text()
	var text bytes.Buffer
	if err := pages.Execute(&text, p); err != nil {
		panic(err) // the template is of this package
	}
	policy := []string{"default-src 'none'", "style-src 'nonce-" + p.Nonce + "'", "base-uri 'none'",
		"frame-ancestors 'none'", strings.TrimSpace("form-action 'self' " + p.action)}
	w.Header().Set("Content-Security-Policy", strings.Join(policy, "; "))
	w.Header().Set("X-Frame-Options", "DENY")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // a client that went away needs no answer
}
