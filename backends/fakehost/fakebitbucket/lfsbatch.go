package fakebitbucket

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// uploads are what was begun: how the store is to be asked whether it has it, by
// the number that Bitbucket gives an upload.
type uploads struct {
	mu   sync.Mutex
	list []lfsLink
}

// lfsLink is something to do with an object of a batch's answer.
type lfsLink struct {
	Href    string            `json:"href"`
	Header  map[string]string `json:"header,omitempty"`
	Expires int               `json:"expires_in,omitempty"`
}

type lfsObject struct {
	OID     string             `json:"oid"`
	Size    int64              `json:"size"`
	Actions map[string]lfsLink `json:"actions,omitempty"`
	Error   any                `json:"error,omitempty"`
}

// lfsRepository finds the repository of a request for large files, and who asks:
// the same credentials are good as for the API.
func (c *call) lfsRepository(owner, name string) (*fakehost.Repository, error) {
	c.route = &route{scope: repository, repo: true}
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	repo, found := c.findRepository(owner, name)
	if !found {
		return nil, errNoRepository
	}
	c.repo = repo
	return repo, nil
}

// lfsBatch answers the batch API
// (https://support.atlassian.com/bitbucket-cloud/docs/use-git-lfs-with-bitbucket/).
func (c *call) lfsBatch(owner, name string) (*answer, error) {
	repo, err := c.lfsRepository(owner, name)
	if err != nil {
		return nil, err
	}
	if repo.Info().NoLFS {
		return nowhere, nil
	}
	out := c.captured(http.MethodPost, c.r.URL.String(), c.r.Header, func(w http.ResponseWriter, r *http.Request) {
		c.lfs.Batch(w, r, fakelfs.Repo{Name: repo.FullName(), Objects: repo, SignedIn: c.signedIn(), MayWrite: c.mayUpload()})
	})
	var batch struct {
		Objects []lfsObject `json:"objects"`
	}
	if out.status != http.StatusOK || json.Unmarshal(out.raw, &batch) != nil {
		return out, nil
	}
	for _, object := range batch.Objects {
		c.asBitbucket(object)
	}
	out.raw = encode(batch)
	return out, nil
}

func (c *call) mayUpload() bool {
	return c.repo.Permission(c.user.Login) >= fakehost.Write && !c.repo.Info().Archived && granted(c.token, repositoryWrite)
}

// mediaClient is who Bitbucket is to the media store.
const mediaClient = "46305acb-bece-48e9-9d62-d41541b0fc95"

// asBitbucket makes an object's links those that Bitbucket gives: an upload needs
// two headers, and its verification is at Bitbucket itself, which wants the user's
// own credential.
func (c *call) asBitbucket(o lfsObject) {
	if upload, has := o.Actions["upload"]; has {
		upload.Header = map[string]string{"X-Client-ID": mediaClient, "Authorization": "Bearer " + mediaToken(o.OID)}
		o.Actions["upload"] = upload
	}
	verify, has := o.Actions["verify"]
	if !has {
		return
	}
	c.uploads.mu.Lock()
	defer c.uploads.mu.Unlock()
	c.uploads.list = append(c.uploads.list, verify)
	at := c.web("{}", repoUUID(c.repo), "info", "lfs", "object", "verify")
	o.Actions["verify"] = lfsLink{Href: at + "?upload_id=" + strconv.Itoa(len(c.uploads.list))}
}

// mediaToken lets its owner upload one object.
func mediaToken(oid string) string { return uuid("media"+oid, 0) }

// store is the store of large files. What is uploaded needs Bitbucket's headers.
func (c *call) store() (*answer, error) {
	header := c.r.Header.Clone()
	if c.r.Method == http.MethodPut {
		oid := c.r.URL.Path[len(c.r.URL.Path)-min(64, len(c.r.URL.Path)):]
		if header.Get("X-Client-ID") != mediaClient || header.Get("Authorization") != "Bearer "+mediaToken(oid) {
			return &answer{status: http.StatusUnauthorized, mime: jsonType, raw: []byte(`{"error":{"code":"JwtAuthoriser:AuthorizationHeaderRequired"}}`)}, nil
		}
		header.Del("Authorization")
	}
	return c.captured(c.r.Method, c.r.URL.String(), header, c.lfs.ServeHTTP), nil
}

// lfsVerify asks the store whether an upload has arrived.
func (c *call) lfsVerify(owner, name string) (*answer, error) {
	if _, err := c.lfsRepository(owner, name); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(c.param("upload_id"))
	c.uploads.mu.Lock()
	defer c.uploads.mu.Unlock()
	if err != nil || n < 1 || n > len(c.uploads.list) || !c.signedIn() {
		return nil, errUnauthorized
	}
	link := c.uploads.list[n-1]
	header := c.r.Header.Clone()
	for key, value := range link.Header {
		header.Set(key, value)
	}
	out := c.captured(http.MethodPost, link.Href, header, c.lfs.ServeHTTP)
	if out.status == http.StatusOK {
		out.raw = []byte("null")
	}
	return out, nil
}

// captured is what a handler answers to a request with this one's body.
func (c *call) captured(method, address string, header http.Header, handle http.HandlerFunc) *answer {
	r, err := http.NewRequestWithContext(c.r.Context(), method, address, io.NopCloser(bytes.NewReader(c.body)))
	if err != nil {
		panic(err) // the address was good enough for the request itself
	}
	r.Header, r.Host, r.TLS = header, c.r.Host, c.r.TLS
	w := &captive{header: http.Header{}, answer: &answer{status: http.StatusOK}}
	handle(w, r)
	w.answer.mime = w.header.Get("Content-Type")
	if w.answer.mime == "" {
		w.answer.mime = htmlType
	}
	return w.answer
}

// captive keeps an answer.
type captive struct {
	header http.Header
	answer *answer
}

func (w *captive) Header() http.Header    { return w.header }
func (w *captive) WriteHeader(status int) { w.answer.status = status }
func (w *captive) Write(b []byte) (int, error) {
	w.answer.raw = append(w.answer.raw, b...)
	return len(b), nil
}
