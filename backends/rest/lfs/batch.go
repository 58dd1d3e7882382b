package lfs

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// mediaType is that of the batch API and of verifications.
const mediaType = "application/vnd.git-lfs+json"

// What a batch asks for links for.
const (
	opUpload   = "upload"
	opDownload = "download"
)

// object is what a server says of one file.
type object struct {
	authenticated    bool // the links need nothing more to say who asks
	transfer, verify link
}

// link is where, and with which header, something can be done. Without an href it is not
// offered.
type link struct {
	href   string
	header rest.Header
	until  time.Time // zero: always
}

func (l link) expired(now time.Time) bool { return !l.until.IsZero() && !now.Before(l.until) }

// batch asks what is to be done with files, and answers in their order. An error names the
// file that it is about, or the first where it is about all.
func (c *Client) batch(ctx context.Context, op string, files []driver.LFSFile) ([]object, error) {
	asked := c.now()
	v, err := c.ask(ctx, op, files)
	if err != nil {
		return nil, cmserr.At(err, "", "", files[0].Path)
	}
	return c.decode(v, op, files, asked)
}

// ask is one request of the batch API.
// https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
func (c *Client) ask(ctx context.Context, op string, files []driver.LFSFile) (gjson.Result, error) {
	header, err := c.header(ctx)
	if err != nil {
		return gjson.Result{}, err
	}
	header["accept"], header["content-type"] = mediaType, mediaType
	res, err := c.Server.Do(ctx, &rest.Request{Method: "POST", URL: c.Root + "/objects/batch", Header: header,
		Body: question(op, files), Repeatable: true})
	switch {
	case err != nil:
		return gjson.Result{}, err
	case !res.OK():
		return gjson.Result{}, c.refused(op, res)
	case !gjson.ValidBytes(res.Body):
		return gjson.Result{}, rest.Misshapen(c.Host, "list of large files")
	}
	return gjson.ParseBytes(res.Body), nil
}

func question(op string, files []driver.LFSFile) []byte {
	var j rest.JSON
	j.Object().Field("operation", op).Key("transfers").Array().String("basic").EndArray()
	j.Field("hash_algo", "sha256").Key("objects").Array()
	for _, f := range files {
		writePointer(&j, f.LFSPointer)
	}
	return j.EndArray().EndObject().Bytes()
}

func writePointer(j *rest.JSON, p driver.LFSPointer) *rest.JSON {
	return j.Object().Field("oid", p.OID).Key("size").Int(int(p.Size)).EndObject()
}

func (c *Client) decode(v gjson.Result, op string, files []driver.LFSFile, asked time.Time) ([]object, error) {
	byID := map[string]gjson.Result{}
	for _, o := range v.Get("objects").Array() {
		byID[o.Get("oid").String()] = o
	}
	out := make([]object, len(files))
	for i, f := range files {
		o, ok := byID[f.OID]
		if !ok {
			return nil, rest.Misshapen(c.Host, "large file that was asked for")
		}
		if e := o.Get("error"); e.Exists() {
			err := c.failure(op, int(e.Get("code").Int()), e.Get("message").String())
			return nil, cmserr.At(err, "", "", f.Path)
		}
		out[i] = object{authenticated: o.Get("authenticated").Bool(),
			transfer: decodeLink(o.Get("actions."+op), asked), verify: decodeLink(o.Get("actions.verify"), asked)}
		if op == opDownload && out[i].transfer.href == "" {
			return nil, rest.Misshapen(c.Host, "address of the large file")
		}
	}
	return out, nil
}

func decodeLink(v gjson.Result, asked time.Time) link {
	l := link{href: v.Get("href").String(), header: rest.Header{}}
	v.Get("header").ForEach(func(name, value gjson.Result) bool {
		// How a body is framed is the platform's to say; GitLab asks for it all the same.
		if name := strings.ToLower(name.String()); name != "transfer-encoding" {
			l.header[name] = value.String()
		}
		return true
	})
	if in := v.Get("expires_in").Int(); in != 0 {
		l.until = asked.Add(time.Duration(in) * time.Second)
	} else if at, ok := rest.ParseTime(v.Get("expires_at").String()); ok {
		l.until = at
	}
	return l
}

// request is what a link asks for. It brings its own credential; the server's goes along
// only to the server, where a link has none.
func (c *Client) request(ctx context.Context, method string, l link, o object) (*rest.Request, error) {
	req := &rest.Request{Method: method, URL: l.href, Header: rest.Header{}}
	if !o.authenticated && l.header["authorization"] == "" && rest.Origin(l.href) == rest.Origin(c.Root) {
		header, err := c.header(ctx)
		if err != nil {
			return nil, err
		}
		if said := header["authorization"]; said != "" {
			req.Header["authorization"] = said
		}
	}
	for name, value := range l.header {
		req.Header[name] = value
	}
	return req, nil
}

// header is a new one that says who asks.
func (c *Client) header(ctx context.Context) (rest.Header, error) {
	out := rest.Header{}
	if c.Header == nil {
		return out, nil
	}
	said, err := c.Header(ctx)
	for name, value := range said {
		out[strings.ToLower(name)] = value
	}
	return out, err
}

// store sends a request to where files are kept.
func (c *Client) store(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := c.Store.Do(ctx, req)
	if err == nil && !res.OK() {
		return nil, c.unkept(req, res)
	}
	return res, err
}

// lost is a file that the server took and has not.
func (c *Client) lost() error {
	return &cmserr.Error{Kind: cmserr.Network, Status: 404,
		Msg: c.Host + "'s Git LFS storage took the file and has not kept it. Nothing was saved. Try again."}
}
