package fakegitea

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// names gives ids, which differ between servers, names in their order.
type names struct {
	place *place
	known map[string]string
}

func newNames(p *place) *names { return &names{place: p, known: map[string]string{}} }

var (
	ids   = regexp.MustCompile(`\b[0-9a-f]{40}\b`)
	times = regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)`)
	small = regexp.MustCompile(`(labels/|id: |issuecomment-)\d+`)
	// changing are fields that say nothing of how the server behaves.
	changing = []string{"avatar_url", "ssh_url", "email", "id", "repo_id", "last_login", "login_name", "is_admin", "active",
		"full_name", "clone_url", "updated_at", "watchers_count", "open_pr_counter",
		// two ways to merge that the fake doesn't have
		"allow_fast_forward_only_merge", "allow_rebase_explicit"}
)

// normal is an answer in which everything that differs by chance has the same
// name on both servers.
func (n *names) normal(t *testing.T, r reply) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintln(&b, r.status)
	for _, name := range []string{"Link", "X-Total-Count", "X-HasMore", "X-Page", "X-PerPage", "X-PageCount",
		"Access-Control-Expose-Headers", "Cache-Control", "ETag"} {
		value := r.header.Get(name)
		if name == "Access-Control-Expose-Headers" { // in any order
			value = strings.Join(slices.Sorted(strings.SplitSeq(value, ", ")), ", ")
		}
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	var v any
	if json.Unmarshal([]byte(r.body), &v) == nil {
		text, err := json.MarshalIndent(withoutChance(v), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	} else {
		b.WriteString(r.body)
	}
	text := b.String()
	for _, name := range []string{"owner", "writer", "reader"} {
		text = strings.ReplaceAll(text, name+strings.TrimPrefix(n.place.owner, "owner"), name)
	}
	text = strings.ReplaceAll(text, n.place.root, "ROOT")
	text = strings.ReplaceAll(text, n.place.repo, "repo")
	text = times.ReplaceAllString(text, "TIME")
	text = small.ReplaceAllString(text, "${1}N")
	return ids.ReplaceAllStringFunc(text, func(id string) string {
		if n.known[id] == "" {
			n.known[id] = fmt.Sprintf("ID%d", len(n.known)+1)
		}
		return n.known[id]
	})
}

// withoutChance leaves out what changes: the sizes of repositories do, and
// whether a closed pull request could be merged. The files of a commit are in
// any order.
func withoutChance(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutChance(v[i])
		}
		slices.SortStableFunc(v, func(a, b any) int {
			if at(a, "additions") != nil || at(a, "filename") == nil {
				return 0
			}
			return strings.Compare(fmt.Sprint(at(a, "filename")), fmt.Sprint(at(b, "filename")))
		})
	case map[string]any:
		if _, isRepo := v["full_name"]; isRepo {
			delete(v, "size")
		}
		if v["state"] == "closed" {
			delete(v, "mergeable")
		}
		for _, name := range changing {
			delete(v, name)
		}
		for key := range v {
			v[key] = withoutChance(v[key])
		}
	}
	return v
}
