package proxy

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
)

func TestUnquote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", `"`: `"`, `"\303\266.md"`: "ö.md", `"a\"b\\c\td"`: "a\"b\\c\td", `"x\`: `"x\`, `"\9"`: "9",
	} {
		if got := unquote(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": cms.StatusDraft, "draft": cms.StatusDraft, "t": cms.StatusDraft,
		"pending_review": cms.StatusPendingReview, "decap-cms/pending_publish": cms.StatusPendingPublish,
	} {
		if got := statusOf(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestDecodeDraft_DeletedLeftOut(t *testing.T) {
	t.Parallel()
	draft, ok := decodeDraft(gjson.Parse(`{"status":"","diffs":[{"path":"a","status":"deleted"},
		{"path":"b","status":"modified","newFile":false}],"updatedAt":"2024-01-01T00:00:00.000Z"}`))
	if !ok || len(draft.Diffs) != 1 || draft.Diffs[0].Path != "b" || draft.Diffs[0].NewFile || draft.UpdatedAt == "" {
		t.Errorf("got %v %+v", ok, draft.Diffs)
	}
}

// FuzzDecode: no answer panics a decoder, and what is accepted is fit for use.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`[{"data":"x","file":{"path":"a","id":null}}]`, `[{"path":"a","isDirectory":true}]`,
		`{"id":"1","content":"AA==","encoding":"base64","path":"a","name":"a"}`,
		`{"status":"draft","diffs":[{"path":"\"\\303\\266\"","newFile":true,"status":"added"}]}`,
		`["a/b","c"]`, `{"repo":"r","type":"t","publish_modes":["simple"]}`, `null`, `[]`, `{}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !gjson.Valid(body) {
			return
		}
		answer := gjson.Parse(body)
		if _, ok := decodeEntries(answer); ok && !answer.IsArray() {
			t.Error("a listing that is no array was accepted")
		}
		if files, ok := decodeMedia(answer); ok {
			for _, file := range files {
				if file.Name == "" || file.Path == "" || file.ID == "" {
					t.Errorf("listed %+v", file)
				}
			}
		}
		if file, ok := decodeMediaFile(answer); ok && file.Size != file.Content.Size() {
			t.Errorf("read %+v", file)
		}
		if draft, ok := decodeDraft(answer); ok && draft.Status == "" {
			t.Error("a draft without a status")
		}
		keys, _ := decodeKeys(answer)
		for _, key := range keys {
			if !strings.Contains(key, "/") {
				t.Errorf("not a key: %q", key)
			}
		}
		decodeInfo(answer)
		if plain := unquote(body); utf8.ValidString(body) && !strings.Contains(body, `\`) && !utf8.ValidString(plain) {
			t.Errorf("unquoted to %q", plain)
		}
	})
}
