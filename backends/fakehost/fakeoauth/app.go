package fakeoauth

import (
	"net/url"
	"slices"
	"strings"
)

// App is a registered OAuth app.
type App struct {
	ID   string
	Name string // what people are asked about
	// Secret is what a confidential app proves itself with. An app without one is
	// public; GitHub and Bitbucket have no use for the codes of these.
	Secret string
	// Redirects are the registered addresses. One that ends in ":*" stands for any
	// port and path.
	Redirects []string
	// Scopes are those that the app may ask for, at hosts that have these
	// registered: GitLab, and Bitbucket, which grants all of them.
	Scopes []string
}

// AddApp registers an app, or replaces the one of that id.
func (s *Server) AddApp(a App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.Redirects, a.Scopes = slices.Clone(a.Redirects), slices.Clone(a.Scopes)
	s.apps[a.ID] = &a
}

// redirect is where an answer goes: the given address if it is registered, or
// the registered one if none is given.
func (a *App) redirect(given string, loose bool) (string, bool) {
	if given == "" {
		i := slices.IndexFunc(a.Redirects, func(r string) bool { return !strings.HasSuffix(r, ":*") })
		if i < 0 {
			return "", false
		}
		return a.Redirects[i], true
	}
	at, err := url.Parse(given)
	if err != nil || at.Host == "" || at.User != nil || at.Fragment != "" {
		return "", false
	}
	return given, slices.ContainsFunc(a.Redirects, func(r string) bool { return matches(r, given, at, loose) })
}

// matches says whether an address is the registered one or, where hosts are
// loose about it, below that.
func matches(registered, given string, at *url.URL, loose bool) bool {
	if anyPort, ok := strings.CutSuffix(registered, ":*"); ok {
		return anyPort == at.Scheme+"://"+at.Hostname()
	}
	if registered == given {
		return true
	}
	of, err := url.Parse(registered)
	return loose && err == nil && of.Scheme == at.Scheme && of.Host == at.Host &&
		strings.HasPrefix(at.Path, strings.TrimSuffix(of.Path, "/")+"/")
}
