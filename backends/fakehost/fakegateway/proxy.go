package fakegateway

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
)

// mount is the provider's part of a path below Prefix.
var mount = regexp.MustCompile(`^` + regexp.QuoteMeta(Prefix) + `/\w+/?`)

// rewrite points a request to the host. GitLab gets the path as it was escaped;
// GitHub and Bitbucket get it unescaped and escaped again, in which %2F becomes a
// slash.
func (s *Server) rewrite(p *httputil.ProxyRequest) {
	target, err := url.Parse(s.root())
	if err != nil {
		panic(err) // Options.Endpoint is no address
	}
	out := p.Out.URL
	out.Scheme, out.Host, p.Out.Host = target.Scheme, target.Host, target.Host
	if s.options.Provider == "gitlab" {
		out.Opaque = "//" + target.Host + target.EscapedPath() + mount.ReplaceAllString(out.EscapedPath(), "/")
	} else {
		out.Path, out.RawPath = target.Path+mount.ReplaceAllString(out.Path, "/"), ""
	}
	s.setCredential(p.Out.Header)
}

// modify changes a host's answer on its way back.
func (s *Server) modify(res *http.Response) error {
	res.Header.Del("Access-Control-Allow-Origin") // the gateway has its own
	switch s.options.Provider {
	case "gitlab":
		if link := res.Header.Get("Link"); link != "" {
			res.Header.Set("Link", rewriteLinks(link, s.root()))
		}
	case "bitbucket":
		if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
			return s.rewriteBody(res)
		}
	}
	return nil
}

// transport hands requests to a host in the same process.
type transport struct {
	host       http.Handler
	badGateway func() bool
}

// RoundTrip implements http.RoundTripper. A host that cuts the connection panics
// with http.ErrAbortHandler.
func (t *transport) RoundTrip(out *http.Request) (res *http.Response, err error) {
	in, err := incoming(out)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := recover(); e != nil {
			if e != http.ErrAbortHandler || !t.badGateway() {
				panic(e)
			}
			res, err = nil, errors.New("the host has cut the connection")
		}
	}()
	w := &recorder{header: http.Header{}}
	t.host.ServeHTTP(w, in)
	return w.response(out), nil
}

// incoming is an outgoing request as the host's server gets it, over HTTPS.
func incoming(out *http.Request) (*http.Request, error) {
	whole, err := url.Parse(out.URL.RequestURI())
	if err != nil {
		return nil, err
	}
	in := out.Clone(out.Context())
	in.URL = &url.URL{Path: whole.Path, RawPath: whole.RawPath, RawQuery: whole.RawQuery}
	in.RequestURI, in.Host, in.TLS = in.URL.RequestURI(), out.Host, &tls.ConnectionState{}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return in, nil
}

// recorder keeps an answer.
type recorder struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *recorder) response(to *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(&w.body), ContentLength: -1, Request: to,
	}
}
