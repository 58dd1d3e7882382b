package gitlab

import (
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
	"mooring/backends/rest/resttest"
)

func FuzzTakePages(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		l := entryList{field: "blobs", pages: 3}
		err := l.take(v, func(bool) {})
		for _, e := range l.entries {
			if err == nil && (e.Path == "" || e.ID == "" || e.Mode == 0) {
				f.Errorf("half an entry: %+v", e)
			}
		}
		if err == nil && !l.done && l.known == 0 {
			f.Error("a listing that never ends")
		}
	}, `{"b0":{"pageInfo":{"hasNextPage":true,"endCursor":"MQ"},"nodes":[{"path":"a","sha":"1","mode":"100644"}]}}`)
}

func FuzzDecodeBlobs(f *testing.F) {
	list := blobList{"c", []string{"a", "b"}}
	resttest.Fuzz(f, func(v gjson.Result) {
		found := map[place]blob{}
		if err := decodeBlobs(v, list, found); err != nil {
			return
		}
		for p, b := range found {
			if p.path == "" || b.id == "" {
				f.Errorf("half a file: %+v", b)
			}
		}
	}, `{"nodes":[{"path":"a","oid":"ce013625030ba8dba906f756967f9e9ca394464a","rawTextBlob":"hello\n"}]}`)
}

func FuzzDecodePull(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		_, _ = decodePull(v)
		_, _ = decodePullNode(v)
		_ = blocked(v, cmserr.New(cmserr.Unsupported, "no"))
	}, `{"iid":1,"source_branch":"cms/a","target_branch":"main","sha":"1","labels":["x"],"merge_status":"checking"}`,
		`{"iid":"1","sourceBranch":"cms/a","targetBranch":"main","labels":{"nodes":[{"title":"x"}]},"sourceProjectId":2}`)
}

func FuzzDecodeComparison(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		files, _, err := decodeComparison(v)
		for _, file := range files {
			if before, ok := olderPath(file); err == nil && ok && file.Status == driver.Modified && before == "" {
				f.Error("a file without a name")
			}
		}
	}, `{"diffs":[{"new_path":"a","old_path":"b","renamed_file":true,"diff":"@@"},{"new_path":"c","deleted_file":true}]}`)
}

func FuzzDecodeDiffStats(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		if s, ok := decodeDiffStats(v, "h"); ok && (s.base == "" || s.head != "h") {
			f.Errorf("%+v", s)
		}
	}, `{"diffRefs":{"baseSha":"b","headSha":"h"},"diffStats":[{"path":"a","additions":1}]}`)
}

func FuzzDecodeAnswer(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		a, err := graphql.Decode("GitLab", v)
		if err == nil && len(a.Errors) > 0 && refusedQuery(a) == nil {
			f.Error("errors without an error")
		}
	}, `{"data":null,"errors":[{"message":"Query has complexity of 300, which exceeds max complexity of 250"}]}`)
}

func FuzzDecodeOthers(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		_, _ = decodeUser(v)
		_, _ = decodeAccess(v)
		_, _, _ = decodeProject(v)
		_, _ = decodeBranch(v)
		_, _ = decodeEntry(v)
		_, _ = decodeCommit(v)
		_, _ = decodeStatus(v)
		decodeDeployments(v, "1")
		decodeService(v)
		nameOf(v, "x")
	}, `[{"sha":"1","environment":{"name":"review","external_url":"http://x/"},"status":"success"}]`,
		`{"path_with_namespace":"a/b","default_branch":null,"permissions":{"group_access":{"access_level":40}}}`)
}

func FuzzComplexity(f *testing.F) {
	f.Add("Query has complexity of 301, which exceeds max complexity of 250", 300)
	f.Fuzz(func(t *testing.T, said string, cost int) {
		var b budget
		b.learn(min(max(cost, 1), 1000), cmserr.New(cmserr.Invalid, said))
		if left := b.left(); left < 1 || left > fullBudget {
			t.Errorf("%q leaves %d", said, left)
		}
	})
}

func FuzzRefused(f *testing.F) {
	f.Add(400, "application/json", []byte(`{"message":{"base":["no",{"a":"b"}],"title":"x"},"error":"y"}`))
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		err := refused(&rest.Response{Status: status, Body: body, Header: rest.Header{"content-type": kind}})
		if err == nil || err.Error() == "" {
			t.Error("no sentence")
		}
	})
}
