package github

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// typeLFS is the media type of the batch API.
// https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
const typeLFS = "application/vnd.git-lfs+json"

// DownloadLFS implements driver.LFSStore. GitHub's contents API knows an address
// that needs no credential and may be read from web pages, which its LFS endpoint
// may not; that one is for servers where the first has none.
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	file, err := r.downloadContent(ctx, from)
	if err == nil {
		if right, err := p.Matches(ctx, file); err == nil && right {
			return file, nil
		}
	}
	file, err = r.downloadObject(ctx, p)
	if err != nil {
		return nil, at(err, from.Path)
	}
	right, err := p.Matches(ctx, file)
	switch {
	case err != nil:
		return nil, at(err, from.Path)
	case !right:
		return nil, at(cmserr.New(cmserr.Network, "What GitHub's LFS sent is not the file that was asked for. Try again."), from.Path)
	}
	return file, nil
}

// downloadContent reads a file at the address that the contents API gives for it.
// https://docs.github.com/en/rest/repos/contents#get-repository-content
func (r *Repo) downloadContent(ctx context.Context, from driver.BlobRef) (content.Content, error) {
	v, err := r.api.Get(ctx, r.path("contents", rest.EscapePath(from.Path))+rest.Query("ref", from.Commit))
	if err != nil {
		return nil, err
	}
	url := v.Get("download_url").String()
	if url == "" {
		return nil, misshapen("address of the file")
	}
	return r.large(ctx, &rest.Request{Method: "GET", URL: url})
}

// large sends a request for a large file to where no credential of ours may go.
func (r *Repo) large(ctx context.Context, req *rest.Request) (content.Content, error) {
	req.Refer = true
	res, err := r.plain(ctx, req)
	if err != nil {
		return nil, err
	}
	return res.Whole(), nil
}

// plain sends a request to where no credential of ours may go.
func (r *Repo) plain(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := r.api.outside.Do(ctx, req)
	switch {
	case err != nil:
		return nil, err
	case !res.OK():
		return nil, &cmserr.Error{Kind: rest.KindOf(res.Status), Status: res.Status,
			Msg: rest.Origin(req.URL) + " does not give or take the file. Try again."}
	}
	return res, nil
}

func (r *Repo) downloadObject(ctx context.Context, p driver.LFSPointer) (content.Content, error) {
	objects, err := r.lfsBatch(ctx, "download", []driver.LFSPointer{p})
	if err != nil {
		return nil, err
	}
	return r.large(ctx, objects[0].Get("actions.download").action("GET"))
}

// UploadLFS implements driver.LFSStore.
func (r *Repo) UploadLFS(ctx context.Context, files []driver.LFSFile) error {
	pointers := make([]driver.LFSPointer, len(files))
	for i, f := range files {
		pointers[i] = f.LFSPointer
	}
	objects, err := r.lfsBatch(ctx, "upload", pointers)
	if err != nil {
		return at(err, files[0].Path)
	}
	for i, f := range files {
		if err := r.store(ctx, objects[i], f); err != nil {
			return at(err, f.Path)
		}
	}
	return nil
}

// store uploads a file, unless it is there, and has it verified.
func (r *Repo) store(ctx context.Context, o lfsObject, f driver.LFSFile) error {
	upload := o.Get("actions.upload")
	if !upload.Exists() {
		return nil
	}
	req := upload.action("PUT")
	req.Content = f.Content
	if req.Header.Get("content-type") == "" {
		req.Header["content-type"] = "application/octet-stream"
	}
	if _, err := r.plain(ctx, req); err != nil {
		return unreachable(err, req.URL)
	}
	verify := o.Get("actions.verify")
	if !verify.Exists() {
		return nil
	}
	req = verify.action("POST")
	req.Body = lfsObjectBody(new(rest.JSON), f.LFSPointer).Bytes()
	req.Header["content-type"], req.Header["accept"] = typeLFS, typeLFS
	_, err := r.plain(ctx, req)
	return err
}

// lfsObject is one object of a batch's answer, or an action of it.
type lfsObject struct{ gjson.Result }

func (o lfsObject) Get(path string) lfsObject { return lfsObject{o.Result.Get(path)} }

// action is the request that an action asks for. It brings its own credential.
func (o lfsObject) action(method string) *rest.Request {
	req := &rest.Request{Method: method, URL: o.Get("href").String(), Header: rest.Header{}, Repeatable: true}
	o.Get("header").ForEach(func(name, value gjson.Result) bool {
		req.Header[strings.ToLower(name.String())] = value.String()
		return true
	})
	return req
}

func lfsObjectBody(j *rest.JSON, p driver.LFSPointer) *rest.JSON {
	return j.Object().Field("oid", p.OID).Key("size").Int(int(p.Size)).EndObject()
}

// lfsBatch asks how objects are to be transferred, and answers in their order.
func (r *Repo) lfsBatch(ctx context.Context, operation string, pointers []driver.LFSPointer) ([]lfsObject, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return nil, err
	}
	f, err := r.known(ctx)
	if err != nil {
		return nil, err
	}
	var j rest.JSON
	j.Object().Field("operation", operation).Field("hash_algo", "sha256")
	j.Key("transfers").Array().String("basic").EndArray().Key("objects").Array()
	for _, p := range pointers {
		lfsObjectBody(&j, p)
	}
	j.EndArray().EndObject()
	url := strings.TrimSuffix(f.clone, ".git") + ".git/info/lfs/objects/batch"
	req := &rest.Request{Method: "POST", URL: url, Body: j.Bytes(), Repeatable: true, Header: rest.Header{
		"accept": typeLFS, "content-type": typeLFS,
		"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+token)),
	}}
	res, err := r.plain(ctx, req)
	if err != nil {
		return nil, unreachable(err, url)
	}
	return decodeBatch(gjson.ParseBytes(res.Body), pointers)
}

func decodeBatch(v gjson.Result, pointers []driver.LFSPointer) ([]lfsObject, error) {
	byID := map[string]lfsObject{}
	for _, o := range v.Get("objects").Array() {
		if msg := o.Get("error.message").String(); msg != "" {
			return nil, cmserr.New(rest.KindOf(int(o.Get("error.code").Int())), "GitHub's LFS refused: "+rest.Remark(msg))
		}
		byID[o.Get("oid").String()] = lfsObject{o}
	}
	out := make([]lfsObject, len(pointers))
	for i, p := range pointers {
		o, ok := byID[p.OID]
		if !ok {
			return nil, misshapen("large file")
		}
		out[i] = o
	}
	return out, nil
}

// unreachable explains what is in the way on GitHub.com: its LFS endpoint allows no
// requests from web pages.
func unreachable(err error, url string) error {
	if !cmserr.Is(err, cmserr.Network) {
		return err
	}
	return cmserr.Wrap(cmserr.Unsupported, err, "The file belongs to Git LFS, and the LFS storage at "+rest.Origin(url)+
		" can't be reached from here: it answers no requests of web pages (CORS). Nothing was saved. "+
		"Add the file with Git, or edit through a proxy or Worker of your own.")
}
