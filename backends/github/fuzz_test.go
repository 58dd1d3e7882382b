package github

import (
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
	"mooring/backends/rest/resttest"
)

func FuzzDecodeTree(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		entries, _, err := decodeTree(v, "dir")
		for _, e := range entries {
			if err == nil && (e.Path == "" || e.ID == "" || e.Mode == 0) {
				f.Errorf("half an entry: %+v", e)
			}
		}
	}, `{"tree":[{"path":"a","mode":"100644","type":"blob","sha":"1","size":3}],"truncated":false}`)
}

func FuzzDecodeTexts(f *testing.F) {
	refs := []driver.BlobRef{{ID: "1", Path: "a"}, {ID: "2", Path: "b"}}
	resttest.Fuzz(f, func(v gjson.Result) {
		if texts, err := decodeTexts(v, refs); err == nil && len(texts) != len(refs) {
			f.Errorf("%d texts", len(texts))
		}
	}, `{"b0":{"byteSize":1,"text":"x","isBinary":false},"b1":{"byteSize":9,"text":null,"isBinary":true}}`)
}

func FuzzDecodePull(f *testing.F) {
	r := &Repo{name: "o/r"}
	resttest.Fuzz(f, func(v gjson.Result) {
		if p, err := r.decodePull(v); err == nil && p.Head == "" && p.HeadCommit == "" && v.Get("head.ref").Type == gjson.Null {
			f.Errorf("%+v", p)
		}
	}, `{"number":1,"head":{"ref":"cms/a","sha":"1","repo":{"full_name":"o/r"}},"base":{"ref":"main"},"labels":[{"name":"x"}]}`)
}

func FuzzDecodeComparison(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		c, err := decodeComparison(v)
		for _, file := range c.Files {
			if err == nil && file.Path == "" {
				f.Error("a file without a name")
			}
		}
	}, `{"merge_base_commit":{"sha":"1"},"files":[{"filename":"a","status":"renamed","previous_filename":"b","sha":"2","changes":0}]}`)
}

func FuzzDecodePullPaths(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		for _, file := range decodePullPaths(v, "h") {
			if file.Path == "" {
				f.Error("a file without a name")
			}
		}
	}, `{"headRefOid":"h","files":{"pageInfo":{"hasNextPage":false},"nodes":[{"path":"a","changeType":"ADDED"}]}}`)
}

func FuzzDecodeAnswer(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		a, err := graphql.Decode("GitHub", v)
		if err == nil && len(a.Errors) > 0 && refusedQuery(a) == nil {
			f.Error("errors without an error")
		}
		unknown(a)
	}, `{"data":null,"errors":[{"type":"NOT_FOUND","message":"x","extensions":{"code":"undefinedField"}}]}`)
}

func FuzzDecodeOthers(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		_, _ = decodeUser(v)
		_, _ = decodeFacts(v)
		_, _ = decodeRef(v)
		_, _ = decodeFork(v)
		_, _ = decodeStatuses(v)
		_, _ = decodeCheckRuns(v)
		_, _ = decodeDeployment(v, v)
		decodeService(v)
		decodeChange(v, v)
		_, _ = mergeable(v, cmserr.New(cmserr.Unsupported, "no"))
	}, `{"login":"octo","id":1,"default_branch":"main","object":{"sha":"1"}}`)
}

func FuzzRefused(f *testing.F) {
	f.Add(403, "required; url=https://github.com/orgs/x/sso?token=secret", []byte(`{"message":"no","errors":["a",{"message":"b"}]}`))
	f.Fuzz(func(t *testing.T, status int, sso string, body []byte) {
		err := refused(&rest.Response{Status: status, Body: body, Header: rest.Header{"x-github-sso": sso}})
		if err == nil || err.Error() == "" {
			t.Error("no sentence")
		}
	})
}
