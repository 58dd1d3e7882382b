package rest

import (
	"context"
	"hash/maphash"
	"strings"
	"sync"
)

const (
	keptAnswers = 64
	keptBytes   = 4 << 20 // bodies of all kept answers together
)

// ETags is a Doer that asks whether an answer it remembers is still true, and
// gives it again if the host says so with a 304, which GitHub doesn't count. It
// does so for GET requests with Conditional set, and remembers the answers used
// last, for each URL, Accept field and credential. It belongs above a Governor.
type ETags struct {
	next Doer
	seed maphash.Seed

	mu    sync.Mutex
	kept  []*keptAnswer // the one used last is the last
	bytes int
}

// keptAnswer is a 200 answer with an ETag.
type keptAnswer struct {
	key answerKey
	res *Response
}

// answerKey is what an answer depends on. The credential is only compared, so its
// hash is enough.
type answerKey struct {
	url, accept string
	credential  uint64
}

// NewETags makes an ETags around next.
func NewETags(next Doer) *ETags { return &ETags{next: next, seed: maphash.MakeSeed()} }

// Do implements Doer.
func (e *ETags) Do(ctx context.Context, req *Request) (*Response, error) {
	if !req.Conditional || req.Method != "GET" || req.Header.Get("if-none-match") != "" {
		return e.next.Do(ctx, req)
	}
	key := answerKey{req.URL, req.Header.Get("accept"), maphash.String(e.seed, req.Header.Get("authorization"))}
	old := e.find(key)
	if old != nil {
		req = withHeader(req, "if-none-match", old.Header.Get("etag"))
	}
	res, err := e.next.Do(ctx, req)
	switch {
	case err != nil:
		return nil, err
	case res.Status == 304 && old != nil:
		res = refreshed(old, res)
	case res.Status != 200 || res.Header.Get("etag") == "":
		return res, nil
	}
	e.keep(&keptAnswer{key, res})
	return res, nil
}

// Clear forgets everything, e.g. at sign-out.
func (e *ETags) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept, e.bytes = nil, 0
}

func (e *ETags) find(key answerKey) *Response {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range e.kept {
		if k.key == key {
			return k.res
		}
	}
	return nil
}

// keep remembers an answer as the one used last, in place of the one before it
// under the same key, and drops what there is no more room for.
func (e *ETags) keep(k *keptAnswer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, old := range e.kept {
		if old.key == k.key {
			e.drop(i)
			break
		}
	}
	if len(k.res.Body) > keptBytes {
		return
	}
	e.kept = append(e.kept, k)
	e.bytes += len(k.res.Body)
	for len(e.kept) > keptAnswers || e.bytes > keptBytes {
		e.drop(0)
	}
}

func (e *ETags) drop(i int) {
	e.bytes -= len(e.kept[i].res.Body)
	e.kept = append(e.kept[:i:i], e.kept[i+1:]...)
}

// refreshed is a remembered answer after a 304, whose fields are newer (RFC 9110,
// 15.4.5), except for those that describe the body it doesn't have.
func refreshed(old, confirmed *Response) *Response {
	header := make(Header, len(old.Header))
	for name, value := range old.Header {
		header[name] = value
	}
	for name, value := range confirmed.Header {
		if !strings.HasPrefix(name, "content-") {
			header[name] = value
		}
	}
	return &Response{Status: old.Status, Header: header, Body: old.Body}
}

// withHeader is a copy of req with one more field; a request is its caller's.
func withHeader(req *Request, name, value string) *Request {
	out := *req
	out.Header = make(Header, len(req.Header)+1)
	for n, v := range req.Header {
		out.Header[strings.ToLower(n)] = v
	}
	out.Header[name] = value
	return &out
}
