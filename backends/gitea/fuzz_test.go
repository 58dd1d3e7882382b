package gitea

import (
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
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
	}, `{"tree":[{"path":"a","mode":"100644","type":"blob","sha":"1","size":3}],"total_count":1,"truncated":false}`)
}

func FuzzDecodeBlob(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		if data := decodeBlob(v, ""); data != nil && int64(len(data)) != v.Get("size").Int() {
			f.Errorf("%d bytes", len(data))
		}
	}, `{"sha":"1","size":1,"encoding":"base64","content":"eA=="}`, `{"type":"symlink","target":"x","size":1,"content":null}`)
}

func FuzzDecodePull(f *testing.F) {
	r := &Repo{name: "o/r"}
	resttest.Fuzz(f, func(v gjson.Result) {
		if p, err := r.decodePull(v); err == nil && p.Head == "" && v.Get("head.ref").Type == gjson.Null {
			f.Errorf("%+v", p)
		}
		_, _ = mergeable(v, cmserr.New(cmserr.Unsupported, "no"), true)
	}, `{"number":1,"head":{"ref":"refs/pull/1/head","label":"cms/a","sha":"1","repo":{"full_name":"o/r"}},"base":{"ref":"main"},"labels":[{"name":"x"}]}`)
}

func FuzzDecodeRefs(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		branches, err := decodeRefs(v, "cms/")
		for _, b := range branches {
			if err == nil && (b.Name == "" || b.Head == "") {
				f.Errorf("half a branch: %+v", b)
			}
		}
	}, `[{"ref":"refs/heads/cms/a","object":{"sha":"1"}}]`)
}

func FuzzDecodeOthers(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		_, _ = decodeUser(v)
		_, _ = decodeFacts(v)
		_, _ = decodeBranch(v)
		_, _ = decodeVersion(v)
		_, _ = decodeCommitted(v)
		_, _, _ = decodeStatuses(v)
		decodeChange(v)
		rootsOf(v.Array())
		touched(v.Array())
	}, `[{"sha":"1","parents":[{"sha":"0"}],"files":[{"filename":"a"}]}]`, `{"statuses":null,"total_count":0}`)
}

func FuzzRefused(f *testing.F) {
	f.Add(403, []byte(`{"message":"no","error":"x"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refused(&rest.Response{Status: status, Body: body})
		if err == nil || err.Error() == "" {
			t.Error("no sentence")
		}
	})
}
