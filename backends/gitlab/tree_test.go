package gitlab_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/rest"
)

// altered changes answers on their way.
type altered struct {
	rest.Doer
	request func(*rest.Request)
	answer  func(*rest.Response)
}

func (a altered) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if a.request != nil {
		out := *req
		a.request(&out)
		req = &out
	}
	res, err := a.Doer.Do(ctx, req)
	if err != nil || a.answer == nil {
		return res, err
	}
	out := *res
	out.Header = rest.Header{}
	for name, value := range res.Header {
		out.Header[name] = value
	}
	a.answer(&out)
	return &out, nil
}

// TestTree_AsOlderServersListIt: without cursors, without totals, without any word of
// what follows.
func TestTree_AsOlderServersListIt(t *testing.T) {
	t.Parallel()
	noKeyset := func(req *rest.Request) { req.URL = strings.Replace(req.URL, "pagination=keyset", "", 1) }
	silent := func(res *rest.Response) {
		for name := range res.Header {
			if name == "link" || strings.HasPrefix(name, "x-") {
				delete(res.Header, name)
			}
		}
	}
	for _, count := range []int{99, 98, 250, 299, 500} { // with a folder, full pages are among them
		for name, a := range map[string]altered{
			"keyset": {}, "offset": {request: noKeyset}, "silent": {request: noKeyset, answer: silent},
			"no link": {request: noKeyset, answer: func(res *rest.Response) { delete(res.Header, "link") }},
		} {
			for _, noTotals := range []bool{false, true} {
				s := serve(t, entries(count))
				s.Host.Set(func(o *fakehost.Settings) { o.NoTotals = noTotals })
				s.Wrap = func(d rest.Doer) rest.Doer { a.Doer = d; return a }
				r := s.open("glpat-octo", ways["REST"])
				list, err := r.Tree(t.Context(), s.Head("main"), "posts", false)
				if err != nil || len(list) != count+1 {
					t.Errorf("%s, no totals %v: %d of %d, %v", name, noTotals, len(list), count+1, err)
				}
			}
		}
	}
}

var (
	cursorInAnswer  = regexp.MustCompile(`"endCursor":"`)
	cursorInRequest = regexp.MustCompile(`"opaque-`)
)

// TestTree_OpaqueCursors: where cursors look otherwise than GitLab's do today, a listing
// is complete all the same.
func TestTree_OpaqueCursors(t *testing.T) {
	t.Parallel()
	s := serve(t, entries(450))
	s.Wrap = func(d rest.Doer) rest.Doer {
		return altered{d,
			func(req *rest.Request) { req.Body = cursorInRequest.ReplaceAll(req.Body, []byte(`"`)) },
			func(res *rest.Response) {
				res.Body = cursorInAnswer.ReplaceAll(res.Body, []byte(`"endCursor":"opaque-`))
			},
		}
	}
	r := s.signedIn("glpat-octo")
	list, err := r.Tree(t.Context(), s.Head("main"), "posts", true)
	if err != nil || len(list) != 452 || s.Asked("POST", "Tree") != 5 {
		t.Errorf("%d entries in %d requests, %v", len(list), s.Asked("POST", "Tree"), err)
	}
}

// TestTree_GatewayTroubles: a query that a server in front of GitLab gives up is asked for
// in small pages, which are asked for again.
func TestTree_GatewayTroubles(t *testing.T) {
	t.Parallel()
	for _, status := range []int{502, 504} {
		s := serve(t, entries(250))
		s.Host.Fault(fakehost.Rule{Operation: "Tree", Count: 1, Effect: fakehost.Effect{Status: status}})
		s.Host.Fault(fakehost.Rule{Path: "*/tree", Count: 1, Effect: fakehost.Effect{Status: status}})
		list, err := s.signedIn("glpat-octo").Tree(t.Context(), s.Head("main"), "posts", false)
		if err != nil || len(list) != 251 {
			t.Errorf("%d: %d entries, %v", status, len(list), err)
		}
	}
}

// TestTree_Misshapen: pages that are not what they should be are no listing.
func TestTree_Misshapen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(map[string]any){
		"one page twice": func(tree map[string]any) { tree["b1"] = tree["b0"] },
		"no list":        func(tree map[string]any) { tree["b0"] = nil },
		"no next": func(tree map[string]any) {
			tree["b1"].(map[string]any)["pageInfo"] = map[string]any{"hasNextPage": true}
		},
		"an empty page":   func(tree map[string]any) { tree["b1"].(map[string]any)["nodes"] = []any{} },
		"no names at all": func(tree map[string]any) { tree["t0"].(map[string]any)["nodes"] = []any{map[string]any{"sha": "1"}} },
	} {
		s := serve(t, entries(250))
		s.Host.Fault(fakehost.Rule{Method: "GET", Path: "*/tree", Effect: fakehost.Effect{Status: 500}})
		s.Wrap = func(d rest.Doer) rest.Doer {
			return altered{d, nil, func(res *rest.Response) {
				var v map[string]any
				if json.Unmarshal(res.Body, &v) != nil || v["data"] == nil {
					return
				}
				change(v["data"].(map[string]any)["project"].(map[string]any)["repository"].(map[string]any)["tree"].(map[string]any))
				res.Body, _ = json.Marshal(v)
			}}
		}
		if list, err := s.signedIn("glpat-octo").Tree(t.Context(), s.Head("main"), "posts", false); err == nil {
			t.Errorf("%s: %d entries", name, len(list))
		}
	}
}
