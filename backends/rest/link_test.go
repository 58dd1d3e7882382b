package rest

import (
	"strings"
	"testing"
)

func TestNextLink_Forms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ field, want string }{
		"GitHub":             {`<https://h/r?page=3>; rel="next", <https://h/r?page=9>; rel="last"`, "https://h/r?page=3"},
		"not first":          {`<https://h/r?page=1>; rel="prev", <https://h/r?page=3>; rel="next"`, "https://h/r?page=3"},
		"no quotes":          {`<a>;rel=next`, "a"},
		"odd spaces":         {"  <a>  ;\trel = \"next\" , <b>", "a"},
		"case":               {`<a>; REL="Next"`, "a"},
		"several relations":  {`<a>; rel="start next"`, "a"},
		"commas in the URL":  {`<https://h/a,b;c?x=1,2>; rel="next"`, "https://h/a,b;c?x=1,2"},
		"commas in a title":  {`<a>; title="x, <b>; rel=\"next\""; rel=prev, <c>; rel=next`, "c"},
		"escapes":            {`<a>; title="\\"; rel="ne\xt"`, "a"},
		"first rel counts":   {`<a>; rel=prev; rel=next`, ""},
		"parameter no value": {`<a>; crossorigin; rel=next`, "a"},
		"only a name":        {`<a>; rel`, ""},
		"anchor":             {`<a>; rel=next; anchor="#x", <b>; rel=next`, "b"},
		"empty elements":     {`, , <a>; rel=next,`, "a"},
		"junk after target":  {`<a> junk; rel=next, <b>; rel=next`, "b"},
		"last page":          {`<a>; rel="prev", <b>; rel="first"`, ""},
		"next is not enough": {`<a>; rel="nextish"`, ""},
		"open bracket":       {`<a; rel=next`, ""},
		"open quote":         {`<a>; rel="next`, "a"},
		"nothing":            {``, ""},
		"no link":            {`next`, ""},
	} {
		if got := nextLink(c.field); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", name, c.field, got, c.want)
		}
	}
}

func FuzzNextLink(f *testing.F) {
	f.Add(`<https://h/r?page=3>; rel="next", <https://h/r?page=9>; rel="last"`, "https://h/?a,b")
	f.Add(`<a>; title="x, \"<b>"; rel=prev`, "c")
	f.Add(`<a>;;=;"<>,`, "")
	f.Fuzz(func(t *testing.T, field, target string) {
		if got := nextLink(field); !strings.Contains(field, got) {
			t.Fatalf("%q is not in %q", got, field)
		}
		if strings.ContainsAny(target, "<>") {
			return
		}
		if got := nextLink(`<x>; rel="prev"; title="a\",<b>;", <` + target + `>; rel="next"`); got != target {
			t.Fatalf("got %q, want %q", got, target)
		}
	})
}
