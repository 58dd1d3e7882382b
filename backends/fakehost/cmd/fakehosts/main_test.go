package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// start runs the command until the test ends, and returns the line that it
// prints.
func start(t *testing.T, o options) (ready, func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, o, out)
		out.CloseWithError(errors.Join(io.EOF, err))
		done <- err
	}()
	var r ready
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		cancel()
		if strings.Contains(err.Error(), "make setup") {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	stop := func() error {
		cancel()
		return <-done
	}
	return r, stop
}

func defaults() options {
	return options{host: "github", addr: "127.0.0.1:0", web: "127.0.0.1:0", seed: "demo", repository: "editor/site"}
}

func get(t *testing.T, client *http.Client, url, token string) *http.Response {
	t.Helper()
	return send(t, client, url, "token "+token)
}

func send(t *testing.T, client *http.Client, url, authorization string) *http.Response {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", authorization)
	r, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	return r
}

func TestRun_TLS(t *testing.T) {
	t.Parallel()
	o := defaults()
	o.tls = true
	r, stop := start(t, o)
	check := func(raw [][]byte, _ [][]*x509.Certificate) error {
		cert, err := x509.ParseCertificate(raw[0])
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo); base64.StdEncoding.EncodeToString(sum[:]) != r.SPKI {
			return errors.New("another key than the printed one")
		}
		return nil
	}
	transport := &http.Transport{ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: check}}
	defer transport.CloseIdleConnections()
	answer := get(t, &http.Client{Transport: transport}, r.GitHub+"/repos/"+r.Repository, r.Tokens["editor"])
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK {
		t.Errorf("%s %s", answer.Proto, answer.Status)
	}
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestRun_Enterprise(t *testing.T) {
	t.Parallel()
	o := defaults()
	o.enterprise = true
	r, stop := start(t, o)
	if !strings.HasSuffix(r.GitHub, "/api/v3") {
		t.Errorf("the root is %s", r.GitHub)
	}
	if answer := get(t, http.DefaultClient, r.GitHub+"/user", r.Tokens["contributor"]); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if answer := get(t, http.DefaultClient, r.Control+"branches?repository="+r.Repository, ""); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestRun_GitLab(t *testing.T) {
	t.Parallel()
	o := defaults()
	o.host, o.root = "gitlab", "/lab"
	r, stop := start(t, o)
	if r.Host != "gitlab" || r.API != r.GitLab || r.GitHub != "" || !strings.HasSuffix(r.API, "/lab/api/v4") {
		t.Errorf("the line is %+v", r)
	}
	bearer := "Bearer " + r.Tokens["editor"]
	answer := send(t, http.DefaultClient, r.API+"/projects/editor%2Fsite/repository/branches/main", bearer)
	if answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if answer := get(t, http.DefaultClient, r.Control+"branches?repository="+r.Repository, ""); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestParse_UnknownHost(t *testing.T) {
	t.Parallel()
	if _, err := parse([]string{"--host=none"}); err == nil {
		t.Error("a host that nobody has is taken")
	}
}

func TestUntilEOF(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	ctx := untilEOF(t.Context(), in)
	if ctx.Err() != nil {
		t.Error("it ended early")
	}
	out.Close()
	<-ctx.Done()
}

func TestSeedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path, mode := range map[string]os.FileMode{"a/b.md": 0o644, "run": 0o755, ".git/HEAD": 0o644} {
		file := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(path), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("run", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	files, err := seedFiles(dir)
	if err != nil || len(files) != 3 || files["run"].Mode != filemode.Executable || files["link"].Mode != filemode.Symlink ||
		string(files["link"].Content) != "run" || string(files["a/b.md"].Content) != "a/b.md" {
		t.Errorf("%v, %v", files, err)
	}
	for seed, least := range map[string]int{"demo": 8, "empty": 1} {
		if files, err := seedFiles(seed); err != nil || len(files) < least {
			t.Errorf("%s: %v, %v", seed, files, err)
		}
	}
	for _, wrong := range []string{t.TempDir(), filepath.Join(dir, "none")} {
		if _, err := seedFiles(wrong); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

func TestRun_Gitea(t *testing.T) {
	t.Parallel()
	for host, version := range map[string]string{"gitea": "1.22.3", "forgejo": "9.0.1+gitea-1.22.0"} {
		o := defaults()
		o.host = host
		o.version, _, _ = strings.Cut(version, "+")
		r, stop := start(t, o)
		if r.Host != host || r.API != r.Gitea || !strings.HasSuffix(r.API, "/api/v1") {
			t.Errorf("the line is %+v", r)
		}
		answer := get(t, http.DefaultClient, r.API+"/version", r.Tokens["editor"])
		var said struct{ Version string }
		if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || said.Version != version {
			t.Errorf("%s is version %q, %v", host, said.Version, err)
		}
		if answer := get(t, http.DefaultClient, r.API+"/repos/"+r.Repository, r.Tokens["editor"]); answer.StatusCode != http.StatusOK {
			t.Error(answer.Status)
		}
		if err := stop(); err != nil {
			t.Errorf("it ends with %v", err)
		}
	}
}

// behind are the hosts that can be behind a gateway: a path of the gateway that
// passes, and the repository in the host's own API.
var behind = map[string]struct{ path, repository string }{
	"github":    {"/github/branches/main", "/repos/editor/site"},
	"gitlab":    {"/gitlab/repository/branches/main", "/projects/editor%2Fsite"},
	"bitbucket": {"/bitbucket/src/main/README.md", "/repositories/editor/site"},
}

func TestRun_Gateway(t *testing.T) {
	t.Parallel()
	for provider, host := range behind {
		o := defaults()
		o.host, o.provider = "git-gateway", provider
		r, stop := start(t, o)
		site, ok := strings.CutSuffix(r.Gateway, "/.netlify/git")
		if !ok || r.API != r.Gateway || r.Provider != provider || len(r.People) != 2 {
			t.Fatalf("the line is %+v", r)
		}
		if answer := post(t, r.Control+"reset", "application/json", ""); answer.StatusCode != http.StatusOK {
			t.Errorf("after a reset: %s", answer.Status)
		}
		for i, want := range []int{http.StatusOK, http.StatusUnauthorized} { // the second one has no role
			jwt := signIn(t, site, r.People[i])
			if answer := send(t, http.DefaultClient, r.Gateway+host.path, "Bearer "+jwt); answer.StatusCode != want {
				t.Errorf("%s: %s", r.People[i].Email, answer.Status)
			}
		}
		if answer := send(t, http.DefaultClient, r.Upstream+host.repository, "Bearer "+r.Tokens["editor"]); answer.StatusCode != http.StatusOK {
			t.Errorf("%s itself: %s", provider, answer.Status)
		}
		if answer := get(t, http.DefaultClient, r.Control+"gateway/mails", ""); answer.StatusCode != http.StatusOK {
			t.Error(answer.Status)
		}
		if err := stop(); err != nil {
			t.Errorf("it ends with %v", err)
		}
	}
}

// signIn gets a JWT for a person's password.
func signIn(t *testing.T, site string, p person) string {
	t.Helper()
	form := url.Values{"grant_type": {"password"}, "username": {p.Email}, "password": {p.Password}}
	answer := post(t, site+"/.netlify/identity/token", "application/x-www-form-urlencoded", form.Encode())
	var session struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&session); err != nil {
		t.Fatal(err)
	}
	return session.AccessToken
}

func TestParse_UnknownProvider(t *testing.T) {
	t.Parallel()
	if _, err := parse([]string{"--host=git-gateway", "--provider=gitea"}); err == nil {
		t.Error("a provider that the gateway doesn't know is taken")
	}
}

func post(t *testing.T, url, mime, body string) *http.Response {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", mime)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	return r
}

func TestRun_Bitbucket(t *testing.T) {
	t.Parallel()
	o := defaults()
	o.host = "bitbucket"
	r, stop := start(t, o)
	if r.Host != "bitbucket" || r.API != r.Bitbucket || !strings.HasSuffix(r.API, "/2.0") {
		t.Errorf("the line is %+v", r)
	}
	answer := send(t, http.DefaultClient, r.API+"/repositories/"+r.Repository+"/refs/branches/main", "Bearer "+r.Tokens["editor"])
	if answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if answer := send(t, http.DefaultClient, r.Web+"/file/none", ""); answer.StatusCode != http.StatusNotFound {
		t.Error(answer.Status)
	}
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// authorizing are the authorize and token paths of each host, below the line's
// "oauth".
var authorizing = map[string][2]string{
	"github":    {"/login/oauth/authorize", "/login/oauth/access_token"},
	"gitlab":    {"/oauth/authorize", "/oauth/token"},
	"gitea":     {"/login/oauth/authorize", "/login/oauth/access_token"},
	"forgejo":   {"/login/oauth/authorize", "/login/oauth/access_token"},
	"bitbucket": {"/site/oauth2/authorize", "/site/oauth2/access_token"},
}

// TestRun_OAuth takes a token from each host, which its API then accepts, until
// it is revoked.
func TestRun_OAuth(t *testing.T) {
	t.Parallel()
	for host, path := range authorizing {
		o := defaults()
		o.host = host
		if host == "gitlab" {
			o.root = "/lab"
		}
		r, stop := start(t, o)
		if !strings.HasPrefix(r.OAuth, "http://") || r.OAuth != r.Broker+o.root || r.AppID != "mooring-demo" {
			t.Fatalf("the line is %+v", r)
		}
		for range 2 { // once more after a reset
			if answer := post(t, r.Control+"oauth", "application/json", `{"answer":"approve"}`); answer.StatusCode != http.StatusOK {
				t.Errorf("%s: the settings are %s", host, answer.Status)
			}
			token := takeToken(t, r, path)
			if answer := send(t, http.DefaultClient, r.API+"/user", "Bearer "+token); answer.StatusCode != http.StatusOK {
				t.Errorf("%s: its own token is %s", host, answer.Status)
			}
			post(t, r.Control+"oauth/revoke", "application/json", `{"login":"editor"}`)
			if answer := send(t, http.DefaultClient, r.API+"/user", "Bearer "+token); answer.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: a revoked token is %s", host, answer.Status)
			}
			post(t, r.Control+"reset", "application/json", "")
		}
		if err := stop(); err != nil {
			t.Errorf("it ends with %v", err)
		}
	}
}

// takeToken signs the editor in as the confidential app.
func takeToken(t *testing.T, r ready, path [2]string) string {
	t.Helper()
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := url.Values{"client_id": {confidentialApp}, "response_type": {"code"}, "redirect_uri": {"http://localhost:1/admin"}, "state": {"s"}}
	answer := send(t, stay, r.OAuth+path[0]+"?"+ask.Encode(), "")
	to, err := answer.Location()
	if err != nil || to.Query().Get("state") != "s" {
		t.Fatalf("%s: %s leads to %v, %v", r.Host, answer.Status, to, err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {confidentialApp}, "client_secret": {confidentialSecret},
		"redirect_uri": {"http://localhost:1/admin"}, "code": {to.Query().Get("code")}}
	text, err := io.ReadAll(post(t, r.OAuth+path[1], "application/x-www-form-urlencoded", form.Encode()).Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		AccessToken string `json:"access_token"`
	}
	if json.Unmarshal(text, &got) != nil { // GitHub's is a form
		form, _ := url.ParseQuery(string(text))
		got.AccessToken = form.Get("access_token")
	}
	if got.AccessToken == "" {
		t.Fatalf("%s gives no token: %s", r.Host, text)
	}
	return got.AccessToken
}

func TestRun_Broker(t *testing.T) {
	t.Parallel()
	o := defaults()
	r, stop := start(t, o)
	post(t, r.Control+"oauth", "application/json", `{"answer":"approve"}`)
	text, err := io.ReadAll(send(t, http.DefaultClient, r.Broker+"/auth?provider=github&site_id=localhost&scope=repo", "").Body)
	if err != nil || !strings.Contains(string(text), "authorization:github:success:") {
		t.Errorf("the broker says %s, %v", text, err)
	}
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}
