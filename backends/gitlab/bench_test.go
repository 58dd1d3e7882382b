package gitlab

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
		Doer: resttest.Always(body), Token: resttest.Token("t"),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	return r
}

func inRepository(selection string) string {
	return `{"data":{"project":{"repository":{` + selection + `}}}}`
}

func BenchmarkQueryTree_AThousandFiles(b *testing.B) {
	const pages = 10
	var lists []string
	for p := range pages {
		items := make([]string, pageSize)
		for i := range items {
			items[i] = fmt.Sprintf(`{"path":"docs/%d/%05d.md","sha":"%040x","mode":"100644"}`, p, i, p*pageSize+i)
		}
		lists = append(lists, fmt.Sprintf(`"b%d":{"pageInfo":{"endCursor":"%s","hasNextPage":%v},"nodes":[%s]}`,
			p, cursorAt((p+1)*pageSize), p+1 < pages, strings.Join(items, ",")))
	}
	end := `{"pageInfo":{"endCursor":null,"hasNextPage":false},"nodes":[]}`
	lists = append(lists, `"t0":`+end, `"s0":`+end)
	r := answered(b, inRepository(`"tree":{`+strings.Join(lists, ",")+`}`))
	for b.Loop() {
		entries, err := graph{r}.tree(b.Context(), "c", "docs", true)
		if err != nil || len(entries) != pages*pageSize {
			b.Fatal(len(entries), err)
		}
	}
}

func BenchmarkLookup_ABatch(b *testing.B) {
	text := "---\\ntitle: An entry\\n---\\n" + strings.Repeat("Some text of an entry, äöü.\\n", 70)
	places := make([]place, chunk)
	items := make([]string, chunk)
	for i := range places {
		places[i] = place{"c", fmt.Sprintf("docs/%05d.md", i)}
		items[i] = fmt.Sprintf(`{"path":"%s","oid":"%040x","rawTextBlob":"%s"}`, places[i].path, i, text)
	}
	r := answered(b, inRepository(`"a0":{"nodes":[`+strings.Join(items, ",")+`]}`))
	for b.Loop() {
		found, err := graph{r}.blobs(b.Context(), places, true)
		if err != nil || len(found) != chunk || found[chunk-1].id == "" {
			b.Fatal(len(found), err)
		}
	}
}

func BenchmarkRecord_TenImages(b *testing.B) {
	source := rand.NewChaCha8([32]byte{})
	c := driver.Commit{Branch: "main", Message: "Update the gallery"}
	for i := range 10 {
		image := make([]byte, 1_000_000)
		_, _ = source.Read(image) // never fails
		c.Changes = append(c.Changes, driver.Change{Path: fmt.Sprintf("images/%d.png", i), Data: image})
	}
	c.Changes = append(c.Changes, driver.Change{Path: "gallery.md", Data: bytes.Repeat([]byte("text\n"), 400)})
	r := answered(b, `{"id":"1","parent_ids":["0"]}`)
	_, _ = r.trees.Tree("0", "", false, func() ([]driver.TreeEntry, error) { return nil, nil })
	b.SetBytes(10_000_000)
	for b.Loop() {
		if made, err := r.record(b.Context(), c, start{seen: "0"}, nil); err != nil || made.id != "1" {
			b.Fatal(made, err)
		}
	}
}
