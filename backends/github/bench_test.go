package github

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/rest/resttest"
)

// answered is a repository on a host that gives one answer.
func answered(b *testing.B, body string) *Repo {
	b.Helper()
	r, err := Open(Config{Repo: "octo/site"}, Env{
		Doer: resttest.Always(body), Token: resttest.Token(""),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	return r
}

func blobID(i int) string { return fmt.Sprintf("%040x", i) }

func BenchmarkTree_TenThousandFiles(b *testing.B) {
	const count = 10_000
	items := make([]string, count)
	for i := range items {
		items[i] = fmt.Sprintf(`{"path":"%d/%d/%05d.md","mode":"100644","type":"blob","sha":"%s","size":2048,`+
			`"url":"https://api.github.com/repos/octo/site/git/blobs/%[4]s"}`, i/1000, i/100%10, i, blobID(i))
	}
	r := answered(b, `{"sha":"`+blobID(count)+`","tree":[`+strings.Join(items, ",")+`],"truncated":false}`)
	for b.Loop() {
		entries, truncated, err := r.listOnce(b.Context(), "main", "docs", true)
		if err != nil || truncated || len(entries) != count {
			b.Fatal(len(entries), truncated, err)
		}
	}
}

func BenchmarkTexts_ABatch(b *testing.B) {
	const count = 250
	text := "---\\ntitle: An entry\\n---\\n" + strings.Repeat("Some text of an entry, äöü.\\n", 70)
	size := len(strings.ReplaceAll(text, `\n`, "\n"))
	refs := make([]driver.BlobRef, count)
	items := make([]string, count)
	for i := range refs {
		refs[i] = driver.BlobRef{ID: blobID(i), Path: fmt.Sprintf("docs/%05d.md", i)}
		items[i] = fmt.Sprintf(`"b%d":{"byteSize":%d,"isBinary":false,"isTruncated":false,"text":"%s"}`, i, size, text)
	}
	r := answered(b, `{"data":{"repository":{`+strings.Join(items, ",")+`}}}`)
	for b.Loop() {
		texts, err := graph{r}.someTexts(b.Context(), refs)
		if err != nil || len(texts) != count || len(texts[count-1]) != size {
			b.Fatal(len(texts), err)
		}
	}
}

func BenchmarkMutate_TenImages(b *testing.B) {
	source := rand.NewChaCha8([32]byte{})
	c := driver.Commit{Branch: "main", Message: "Update the gallery"}
	for i := range 10 {
		image := make([]byte, 1_000_000)
		_, _ = source.Read(image) // never fails
		c.Changes = append(c.Changes, driver.Change{Path: fmt.Sprintf("images/%d.png", i), Data: image})
	}
	c.Changes = append(c.Changes, driver.Change{Path: "gallery.md", Data: bytes.Repeat([]byte("text\n"), 400)})
	r := answered(b, `{"data":{"createCommitOnBranch":{"commit":{"oid":"`+blobID(1)+`"}}}}`)
	b.SetBytes(10_000_000)
	for b.Loop() {
		if head, err := (graph{r}).mutate(b.Context(), c, blobID(0)); err != nil || head != blobID(1) {
			b.Fatal(head, err)
		}
	}
}
