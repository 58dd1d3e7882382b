package bitbucket

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
func answered(t testing.TB, body string) *Repo {
	t.Helper()
	r, err := Open(Config{Repo: "octo/site"}, Env{
		Doer: resttest.Always(body), Token: resttest.Token("t"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func BenchmarkMore_AFullPage(b *testing.B) {
	items := make([]string, 100)
	for i := range items {
		items[i] = fmt.Sprintf(`{"path":"content/posts/%04d.md","type":"commit_file","attributes":[],"size":%d}`, i, i)
	}
	body := `{"values":[` + strings.Join(items, ",") + `]}`
	r := answered(b, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		list := begunListing{commit: "c", next: "/x"}
		if err := r.more(b.Context(), &list); err != nil || len(list.entries) != 100 {
			b.Fatal(len(list.entries), err)
		}
	}
}

func BenchmarkUpdate_FiveOfAThousand(b *testing.B) {
	known := make([]driver.TreeEntry, 1000)
	for i := range known {
		path := fmt.Sprintf("content/posts/%04d.md", i)
		known[i] = driver.TreeEntry{Path: path, Mode: driver.ModeRegular, ID: idOf("c0", path, false)}
	}
	var diff []driver.FileDiff
	found := map[string]driver.TreeEntry{}
	for i := range 5 {
		e := known[i*7]
		diff = append(diff, driver.FileDiff{Status: driver.Modified, Path: e.Path})
		found[e.Path] = e
	}
	b.ReportAllocs()
	for b.Loop() {
		if got := touchedBy(diff, "content/posts", false).merge("c1", known, found); len(got) != 1000 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkPost_TenImages(b *testing.B) {
	source := rand.NewChaCha8([32]byte{})
	f := form{branch: "main", message: "Update the gallery"}
	for i := range 10 {
		image := make([]byte, 1_000_000)
		_, _ = source.Read(image) // never fails
		f.files = append(f.files, upload{path: fmt.Sprintf("images/%d.png", i), data: image})
	}
	f.files = append(f.files, upload{path: "gallery.md", data: bytes.Repeat([]byte("text\n"), 400)})
	r := answered(b, "")
	b.SetBytes(10_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.post(b.Context(), f, "c0"); err != nil {
			b.Fatal(err)
		}
	}
}
