package fakelfs_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

const file = "a large file"

var oid = func() string {
	sum := sha256.Sum256([]byte(file))
	return hex.EncodeToString(sum[:])
}()

// site is a server over one repository, to which everybody may write.
type site struct {
	t    *testing.T
	host *fakehost.Host
	lfs  *fakelfs.Server
	repo *fakehost.Repository
	may  fakelfs.Repo
	url  string
	now  time.Time
}

func serve(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, now: time.Now()}
	s.host = fakehost.New(fakehost.Options{Now: func() time.Time { return s.now }})
	repo, err := s.host.AddRepository("owner", "repo", nil, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.repo, s.lfs = repo, fakelfs.New(s.host, fakelfs.Options{})
	s.may = fakelfs.Repo{Name: "owner/repo", Objects: repo, SignedIn: true, MayWrite: true}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, fakelfs.Prefix) {
			s.lfs.ServeHTTP(w, r)
			return
		}
		s.lfs.Batch(w, r, s.may)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// link is an action of an answer.
type link struct {
	Href   string
	Header map[string]string
}

type reply struct {
	Objects []struct {
		Error   *struct{ Code int }
		Actions map[string]link
	}
}

// send answers the status and the body.
func (s *site) send(method string, at link, body string, headers ...string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, at.Href, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, value := range at.Header {
		r.Header.Set(name, value)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func (s *site) batch(operation string) reply {
	s.t.Helper()
	body := fmt.Sprintf(`{"operation":%q,"objects":[{"oid":%q,"size":%d}]}`, operation, oid, len(file))
	status, text := s.send("POST", link{Href: s.url}, body, "Accept", fakelfs.MIME)
	var out reply
	if err := json.Unmarshal([]byte(text), &out); status != 200 || err != nil || len(out.Objects) != 1 {
		s.t.Fatalf("%s: %d %s", operation, status, text)
	}
	return out
}

func (s *site) actions(operation string) map[string]link {
	return s.batch(operation).Objects[0].Actions
}

// wants sends something and demands a status.
func (s *site) wants(want int, what, method string, at link, body string, headers ...string) {
	s.t.Helper()
	if status, text := s.send(method, at, body, headers...); status != want {
		s.t.Errorf("%s: %d %s, want %d", what, status, text, want)
	}
}

const verification = `{"oid":%q,"size":%d}`

func TestServer_UploadAndDownload(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if e := s.batch("download").Objects[0].Error; e == nil || e.Code != 404 {
		t.Fatalf("an object that is not there: %+v", e)
	}
	actions := s.actions("upload")
	check := fmt.Sprintf(verification, oid, len(file))
	unsigned := link{Href: actions["upload"].Href + "0"}
	s.wants(403, "a wrong signature", "PUT", unsigned, file)
	s.wants(403, "a link for something else", "GET", actions["upload"], "")
	s.wants(403, "two ways of authorization", "PUT", actions["upload"], file, "Authorization", "Bearer x")
	s.wants(400, "another content", "PUT", actions["upload"], "another")
	s.wants(404, "verified before the upload", "POST", actions["verify"], check, "Content-Type", fakelfs.MIME)
	s.wants(200, "the upload", "PUT", actions["upload"], file)
	s.wants(200, "the verification", "POST", actions["verify"], check, "Content-Type", fakelfs.MIME)
	s.wants(422, "one of something else", "POST", actions["verify"], `{}`, "Content-Type", fakelfs.MIME)
	s.wants(401, "one without its credential", "POST", link{Href: actions["verify"].Href}, check, "Content-Type", fakelfs.MIME)
	s.wants(404, "another size", "POST", actions["verify"], fmt.Sprintf(verification, oid, 1), "Content-Type", fakelfs.MIME)
	if len(s.actions("upload")) != 0 {
		t.Error("what is there is to be uploaded")
	}
	if _, text := s.send("GET", s.actions("download")["download"], ""); text != file {
		t.Errorf("downloaded %q", text)
	}
	want := fakelfs.Counts{Batches: 4, Objects: 4, Uploads: 2, Downloads: 1, Verifications: 5, Bytes: int64(len(file) + len("another"))}
	if got := s.lfs.Counts(); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestServer_Refuses(t *testing.T) {
	t.Parallel()
	upload := fmt.Sprintf(`{"operation":"upload","objects":[{"oid":%q,"size":1}]}`, oid)
	many := strings.TrimSuffix(strings.Repeat(`{"oid":"1","size":1},`, 101), ",")
	for what, c := range map[string]struct {
		body   string
		change func(*fakelfs.Repo)
		want   int
	}{
		"an operation that there is not": {`{"operation":"other","objects":[{"oid":"1"}]}`, nil, 422},
		"no JSON":                        {`{`, nil, 422},
		"nothing":                        {`{"operation":"upload","objects":[]}`, nil, 422},
		"too many objects":               {`{"operation":"upload","objects":[` + many + `]}`, nil, 413},
		"another hash":                   {`{"operation":"upload","hash_algo":"md5","objects":[{"oid":"1"}]}`, nil, 409},
		"nobody":                         {upload, func(r *fakelfs.Repo) { r.SignedIn, r.MayWrite = false, false }, 401},
		"a reader":                       {upload, func(r *fakelfs.Repo) { r.MayWrite = false }, 403},
	} {
		s := serve(t)
		if c.change != nil {
			c.change(&s.may)
		}
		s.wants(c.want, what, "POST", link{Href: s.url}, c.body, "Accept", fakelfs.MIME)
	}
	s := serve(t)
	s.wants(406, "another media type", "POST", link{Href: s.url}, upload, "Accept", "application/json")
	s.wants(404, "no such place", "GET", link{Href: s.url + fakelfs.Prefix + "x/y/z"}, "")
}

func TestServer_LinksExpire(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.host.Set(func(o *fakehost.Settings) { o.LFS.Expired = 1 })
	s.wants(403, "a link out of date", "PUT", s.actions("upload")["upload"], file)
	at := s.actions("upload")["upload"]
	s.now = s.now.Add(2 * time.Hour)
	s.wants(403, "a link after two hours", "PUT", at, file)
	s.wants(200, "a new one", "PUT", s.actions("upload")["upload"], file)
}

func TestServer_Troubles(t *testing.T) {
	t.Parallel()
	s := serve(t)
	trouble := func(l fakehost.LFSTrouble) { s.host.Set(func(o *fakehost.Settings) { o.LFS = l }) }
	trouble(fakehost.LFSTrouble{Refuse: 507})
	s.wants(507, "a full store", "PUT", s.actions("upload")["upload"], file)
	trouble(fakehost.LFSTrouble{Lose: true})
	s.wants(200, "a store that loses", "PUT", s.actions("upload")["upload"], file)
	if _, there := s.repo.LFS(oid); there {
		t.Error("what was lost is there")
	}
	trouble(fakehost.LFSTrouble{ObjectError: 422})
	if e := s.batch("upload").Objects[0].Error; e == nil || e.Code != 422 {
		t.Errorf("the object's error is %+v", e)
	}
	trouble(fakehost.LFSTrouble{NoVerify: true})
	if _, there := s.actions("upload")["verify"]; there {
		t.Error("there is a link to verify")
	}
	s.repo.PutLFS([]byte(file))
	at := s.actions("download")["download"]
	trouble(fakehost.LFSTrouble{Truncate: true})
	if _, got := s.send("GET", at, ""); got != file[:len(file)/2] {
		t.Errorf("half is %q", got)
	}
	trouble(fakehost.LFSTrouble{Corrupt: true})
	if _, got := s.send("GET", at, ""); len(got) != len(file) || bytes.Equal([]byte(got), []byte(file)) {
		t.Errorf("damaged is %q", got)
	}
}

func TestServer_StoreElsewhere(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.lfs = fakelfs.New(s.host, fakelfs.Options{Origin: "https://media.example.com"})
	if got := s.actions("upload")["upload"].Href; !strings.HasPrefix(got, "https://media.example.com/_lfs/owner/repo/"+oid+"?") {
		t.Errorf("the store is at %s", got)
	}
}
