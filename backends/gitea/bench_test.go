package gitea

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/gitid"
	"mooring/backends/rest/resttest"
)

// answered is a repository on a server that gives one answer.
func answered(b *testing.B, body string) *Repo {
	b.Helper()
	r, err := Open(Config{Repo: "octo/site"}, Env{Doer: resttest.Always(body), Token: resttest.Token("")})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	return r
}

func blobID(i int) string { return fmt.Sprintf("%040x", i) }

func BenchmarkTree_APage(b *testing.B) {
	const count = 1000
	items := make([]string, count)
	for i := range items {
		items[i] = fmt.Sprintf(`{"path":"%d/%05d.md","mode":"100644","type":"blob","size":2048,"sha":"%s",`+
			`"url":"https://git.example/api/v1/repos/octo/site/git/blobs/%[3]s"}`, i/100, i, blobID(i))
	}
	r := answered(b, `{"sha":"1","tree":[`+strings.Join(items, ",")+`],"truncated":false,"page":1,"total_count":1000}`)
	for b.Loop() {
		entries, err := r.list(b.Context(), "main", "docs", true)
		if err != nil || len(entries) != count {
			b.Fatal(len(entries), err)
		}
	}
}

func BenchmarkFiles_ABatch(b *testing.B) {
	text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("Some text of an entry, äöü.\n", 70)))
	refs := make([]driver.BlobRef, filesAtOnce)
	places := make([]int, filesAtOnce)
	items := make([]string, filesAtOnce)
	for i := range refs {
		refs[i] = driver.BlobRef{ID: blobID(i), Path: fmt.Sprintf("docs/%05d.md", i), Commit: "1"}
		places[i] = i
		items[i] = fmt.Sprintf(`{"name":"x","path":"x","sha":"%s","type":"file","size":2170,"encoding":"base64","content":"%s"}`, blobID(i), text)
	}
	r := answered(b, `[`+strings.Join(items, ",")+`]`)
	for b.Loop() {
		texts, err := r.filesAt(b.Context(), "1", refs, places)
		if err != nil || len(texts) != filesAtOnce || len(texts[0]) != 2170 {
			b.Fatal(len(texts), err)
		}
	}
}

func BenchmarkParseDiff_APull(b *testing.B) {
	text := strings.Repeat("+Some text of an entry, äöü.\n", 70)
	diff := "diff --git a/docs/1.md b/docs/1.md\nnew file mode 100644\nindex 0000000..1111111\n" +
		"--- /dev/null\n+++ b/docs/1.md\n@@ -0,0 +1,70 @@\n" + text
	b.SetBytes(int64(len(diff)))
	b.ReportAllocs()
	for b.Loop() {
		deltas, ok := parseDiff(diff)
		made, applied := deltas[0].apply(nil)
		if !ok || !applied || gitid.Blob(made, blobID(1)) == "" {
			b.Fatal("no text")
		}
	}
}

func BenchmarkWrite_TenImages(b *testing.B) {
	source := rand.NewChaCha8([32]byte{})
	c := driver.Commit{Branch: "main", Message: "Update the gallery"}
	for i := range 10 {
		image := make([]byte, 1_000_000)
		_, _ = source.Read(image) // never fails
		c.Changes = append(c.Changes, driver.Change{Path: fmt.Sprintf("images/%d.png", i), Data: image})
	}
	r := answered(b, `{"commit":{"sha":"`+blobID(1)+`","parents":[{"sha":"`+blobID(0)+`"}]}}`)
	b.SetBytes(10_000_000)
	for b.Loop() {
		made, err := r.write(b.Context(), c, target{branch: "main"}, changeset.Places{})
		if err != nil || made.head != blobID(1) {
			b.Fatal(made, err)
		}
	}
}
