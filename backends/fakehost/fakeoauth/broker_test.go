package fakeoauth_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakeoauth"
)

const elsewhere = "http://elsewhere.example"

// withBroker puts a broker beside a site's server.
func withBroker(t *testing.T, host string) (*site, *fakeoauth.Broker) {
	t.Helper()
	s := newSite(t, host)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	b := fakeoauth.NewBroker(s.Server, fakeoauth.BrokerOptions{Origin: server.URL, Host: s.url, Elsewhere: elsewhere, Scopes: []string{"api"}})
	b.Register()
	mux.Handle("/", b)
	s.broker = server.URL
	return s, b
}

// said is what a broker's page has for its opener.
type said struct{ hello, answer, next, target string }

var speech = regexp.MustCompile(`const hello = (".*?"), answer = (".*?"), next = (".*?"), target = (".*?");`)

func (s *site) said(text string) said {
	s.t.Helper()
	m := speech.FindStringSubmatch(text)
	if m == nil {
		return said{}
	}
	var parts [4]string
	for i := range parts {
		if err := json.Unmarshal([]byte(strings.ReplaceAll(m[i+1], `\'`, `'`)), &parts[i]); err != nil {
			s.t.Fatalf("%s: %v", m[i+1], err)
		}
	}
	return said{parts[0], parts[1], parts[2], parts[3]}
}

// opens follows a popup to the broker's last page.
func (s *site) opens(address string) string {
	s.t.Helper()
	for range 5 {
		r, text := s.get(address)
		if r.StatusCode != http.StatusFound {
			if policy := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'nonce-") {
				s.t.Errorf("the policy is %s", policy)
			}
			return text
		}
		address = strings.Replace(r.Header.Get("Location"), elsewhere, s.broker, 1)
	}
	s.t.Fatal("the popup goes on and on")
	return ""
}

func (s *site) broken(change func(*fakeoauth.BrokerSettings)) {
	s.Set(func(o *fakeoauth.Settings) {
		o.Broker = fakeoauth.BrokerSettings{}
		change(&o.Broker)
	})
}

type session struct {
	Token, Provider string
	RefreshToken    string `json:"refresh_token"`
	ExpiresIn       int    `json:"expires_in"`
}

func TestBroker_SignsInAndRenews(t *testing.T) {
	t.Parallel()
	for host := range paths {
		s, _ := withBroker(t, host)
		s.Set(func(o *fakeoauth.Settings) { o.TokenLifetime = 2 * time.Hour })
		got := s.said(s.opens(s.broker + "/auth?provider=" + host + "&site_id=localhost&scope=api"))
		text, ok := strings.CutPrefix(got.answer, "authorization:"+host+":success:")
		var first session
		if err := json.Unmarshal([]byte(text), &first); err != nil || !ok || got.hello != "authorizing:"+host || got.target != "" {
			t.Fatalf("the broker says %+v: %v", got, err)
		}
		if !s.good(first.Token) || first.Provider != host || first.RefreshToken == "" || first.ExpiresIn != 7200 {
			t.Errorf("the session is %+v", first)
		}
		r, text := s.do(http.MethodPost, s.broker+"/auth/refresh?provider="+host+"&site_id=localhost&refresh_token="+url.QueryEscape(first.RefreshToken), "",
			http.Header{"Origin": {"https://site.example"}})
		var second session
		if err := json.Unmarshal([]byte(text), &second); err != nil || r.StatusCode != http.StatusOK || !s.good(second.Token) ||
			second.Token == first.Token || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("the renewal is %s %s", r.Status, text)
		}
		if n := s.Counts(); n.Refreshes != 1 {
			t.Errorf("%d renewals are counted", n.Refreshes)
		}
		if r, text := s.get(s.broker + "/auth/refresh?provider=" + host + "&refresh_token=x"); r.StatusCode != http.StatusUnauthorized || !strings.Contains(text, `"message":"`) {
			t.Errorf("an unknown refresh token is %s %s", r.Status, text)
		}
	}
}

func TestBroker_Errors(t *testing.T) {
	t.Parallel()
	s, b := withBroker(t, "github")
	ask := s.broker + "/auth?provider=github&site_id=localhost"
	wants := func(address, hello, answer string) {
		t.Helper()
		if got := s.said(s.opens(address)); got.hello != hello || !strings.HasPrefix(got.answer, answer) {
			t.Errorf("the broker says %+v", got)
		}
	}
	const fails = "authorization:github:error:{"
	wants(s.broker+"/auth?provider=gitlab", "authorizing:unknown", "authorization:unknown:error:{")
	wants(s.broker+"/callback?code=x&state=x", "authorizing:github", fails+`"message":"Nobody began`)
	s.broken(func(o *fakeoauth.BrokerSettings) { o.Error = "The site is closed." })
	wants(ask, "authorizing:github", fails+`"message":"The site is closed."`)
	s.broken(func(o *fakeoauth.BrokerSettings) { o.Error, o.ErrorField = "Closed.", "error" })
	wants(ask, "authorizing:github", fails+`"error":"Closed."`)
	s.broken(func(*fakeoauth.BrokerSettings) {})
	for trouble, want := range map[string]string{"html": "The host's answer can't be read.", "badRequest": "invalid_request: The request", "noToken": "The host gave no token."} {
		s.Set(func(o *fakeoauth.Settings) { o.Trouble = trouble })
		wants(ask, "authorizing:github", fails+`"message":"`+want)
	}
	s.Set(func(o *fakeoauth.Settings) { o.Trouble, o.Answer = "", fakeoauth.Deny })
	wants(ask, "authorizing:github", fails+`"message":"access_denied: The user has denied`)
	for path, want := range map[string]bool{"/auth": true, "/auth/refresh": true, "/callback": true, "/authorize": false,
		"/oauth/authorize": false, "/oauth/authorize?provider=gitlab": true, "/oauth/authorize/refresh?provider=gitlab": true} {
		if b.Serves(httptest.NewRequest(http.MethodGet, path, nil)) != want {
			t.Errorf("%s is the broker's: %v", path, !want)
		}
	}
}

func TestBroker_Misbehaves(t *testing.T) {
	t.Parallel()
	s, _ := withBroker(t, "github")
	ask := s.broker + "/auth?provider=github&site_id=localhost"
	s.broken(func(o *fakeoauth.BrokerSettings) { o.Silent = true })
	if text := s.opens(ask); strings.Contains(text, "<script") {
		t.Errorf("it is not silent: %s", text)
	}
	s.broken(func(o *fakeoauth.BrokerSettings) { o.Closes = true })
	if text := s.opens(ask); !strings.Contains(text, ">close();</script>") || strings.Contains(text, "postMessage") {
		t.Errorf("it does not close: %s", text)
	}
	s.broken(func(o *fakeoauth.BrokerSettings) { o.OtherProvider = true })
	if got := s.said(s.opens(ask)); got.hello != "authorizing:github" || !strings.HasPrefix(got.answer, "authorization:other:success:") {
		t.Errorf("for another provider it says %+v", got)
	}
	s.broken(func(o *fakeoauth.BrokerSettings) { o.OtherOrigin = true })
	r, _ := s.get(ask)
	if to, _ := s.lands(r); to.Query().Get("redirect_uri") != elsewhere+"/callback" {
		t.Errorf("from another origin: %s", to)
	}
	if got := s.said(s.opens(ask)); got.target != "*" || !strings.HasPrefix(got.answer, "authorization:github:success:") {
		t.Errorf("from another origin it says %+v", got)
	}
}

func TestBroker_ShakesHandsEarly(t *testing.T) {
	t.Parallel()
	s, _ := withBroker(t, "github")
	s.broken(func(o *fakeoauth.BrokerSettings) { o.Early = true })
	first := s.said(s.opens(s.broker + "/auth?provider=github&site_id=localhost"))
	if first.hello != "authorizing:github" || !strings.HasPrefix(first.next, "/auth/start?state=") || first.answer != "" {
		t.Fatalf("it says %+v", first)
	}
	got := s.said(s.opens(s.broker + html.UnescapeString(first.next) + url.QueryEscape("https://site.example")))
	if got.target != "https://site.example" || !strings.HasPrefix(got.answer, "authorization:github:success:") {
		t.Errorf("then it says %+v", got)
	}
	if r, _ := s.get(s.broker + "/auth/start?state=x&origin=y"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a start out of nothing is %s", r.Status)
	}
}

func TestBroker_GitLabsEndpoint(t *testing.T) {
	t.Parallel()
	s, _ := withBroker(t, "gitlab")
	got := s.said(s.opens(s.broker + "/oauth/authorize?provider=gitlab&site_id=localhost"))
	text, ok := strings.CutPrefix(got.answer, "authorization:gitlab:success:")
	var first session
	if err := json.Unmarshal([]byte(text), &first); err != nil || !ok || !s.good(first.Token) {
		t.Fatalf("the broker says %+v: %v", got, err)
	}
	if r, text := s.get(s.broker + "/oauth/authorize/refresh?provider=gitlab&refresh_token=" + first.RefreshToken); r.StatusCode != http.StatusOK {
		t.Errorf("the renewal is %s %s", r.Status, text)
	}
}

func TestBroker_FaultsAndLog(t *testing.T) {
	t.Parallel()
	s, _ := withBroker(t, "bitbucket")
	s.host.Fault(fakehost.Rule{Path: "/auth/refresh", Effect: fakehost.Effect{Status: 502}})
	if r, _ := s.get(s.broker + "/auth/refresh?refresh_token=x"); r.StatusCode != http.StatusBadGateway {
		t.Errorf("a fault is %s", r.Status)
	}
	if log := s.host.Requests(); len(log) != 1 || log[0].Query != "refresh_token=x" {
		t.Errorf("the log is %+v", log)
	}
}
