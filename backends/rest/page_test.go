package rest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mooring/backends/cmserr"
)

const list = "https://h/api/list"

// site answers GET requests by URL, and remembers what was asked for.
type site struct {
	pages map[string]*Response
	asked []string
}

func (s *site) get(_ context.Context, url string) (*Response, error) {
	s.asked = append(s.asked, url)
	if res := s.pages[url]; res != nil {
		return res, nil
	}
	return nil, cmserr.New(cmserr.NotFound, "There is no page "+url+".")
}

// page is an answer with a body and header fields, given as pairs.
func page(body string, pairs ...string) *Response { return status(200, pairs...).body(body).res }

// read reads a list to its end and joins the pages' bodies.
func read(p Pager, first string) (string, error) {
	var bodies []string
	for res, err := range p.Pages(context.Background(), first) {
		if err != nil {
			return strings.Join(bodies, " "), err
		}
		bodies = append(bodies, string(res.Body))
	}
	return strings.Join(bodies, " "), nil
}

// TestPager_GoesOn_WhileNothingElseTells: a full page may not be the last.
func TestPager_GoesOn_WhileNothingElseTells(t *testing.T) {
	t.Parallel()
	first := list + "?limit=2"
	pages := func(fields ...string) map[string]*Response {
		return map[string]*Response{first: page("[1,2]", fields...), first + "&page=2": page("[3,4]"), first + "&page=3": page("[]")}
	}
	for name, c := range map[string]struct {
		size  string
		pages map[string]*Response
		want  string
	}{
		"silent":           {"limit", pages(), "[1,2] [3,4] []"},
		"not to be judged": {"", pages(), "[1,2]"},
		"no next number":   {"limit", pages("x-next-page", ""), "[1,2]"},
		"a link elsewhere": {"limit", pages("link", "<"+list+">; rel=first"), "[1,2]"},
		"half a page":      {"limit", map[string]*Response{first: page("[1]")}, "[1]"},
	} {
		s := &site{pages: c.pages}
		if got, err := read(Pager{Get: s.get, Size: c.size}, first); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestPager_GoesOn_AsTheHostSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first string
		pages map[string]*Response
		want  string
	}{
		"one page": {list, map[string]*Response{list: page("[1]")}, "[1]"},
		"Link": {list, map[string]*Response{
			list:             page("[1]", "link", `<`+list+`?page=2>; rel="next", <`+list+`?page=2>; rel="last"`),
			list + "?page=2": page("[2]", "link", `<`+list+`?page=1>; rel="first"`, "x-next-page", "3"),
		}, "[1] [2]"},
		"relative Link": {list, map[string]*Response{
			list:                  page("[1]", "link", `<?page=2>; rel=next`),
			list + "?page=2":      page("[2]", "link", `</api/other>; rel=next`),
			"https://h/api/other": page("[3]"),
		}, "[1] [2] [3]"},
		"next number": {list + "?per_page=1", map[string]*Response{
			list + "?per_page=1":        page("[1]", "x-next-page", "2"),
			list + "?per_page=1&page=2": page("[2]", "x-next-page", "3"),
			list + "?per_page=1&page=3": page("[3]", "x-next-page", ""),
		}, "[1] [2] [3]"},
		"total of pages": {list, map[string]*Response{
			list:             page("[1]", "x-total-pages", "2"),
			list + "?page=2": page("[2]", "x-total-pages", "2"),
		}, "[1] [2]"},
		"total of items, fewer a page than asked for": {list + "?limit=100", map[string]*Response{
			list + "?limit=100":        page("[1,2]", "x-total-count", "5"),
			list + "?limit=100&page=2": page("[3,4]", "x-total-count", "5"),
			list + "?limit=100&page=3": page("[5]", "x-total-count", "5"),
		}, "[1,2] [3,4] [5]"},
		"total of items that are gone meanwhile": {list, map[string]*Response{
			list:             page("[1]", "x-total", "9"),
			list + "?page=2": page("[]", "x-total", "9"),
		}, "[1] []"},
		"numbers that are none": {list, map[string]*Response{
			list: page("[1]", "x-next-page", "-2", "x-total-pages", "many", "x-total", ""),
		}, "[1]"},
	} {
		if got, err := read(Pager{Get: (&site{pages: c.pages}).get}, c.first); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestPager_Refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		link string
		kind cmserr.Kind
	}{
		"another origin":   {`<https://evil/list?page=2>; rel=next`, cmserr.Invalid},
		"another scheme":   {`<http://h/api/list?page=2>; rel=next`, cmserr.Invalid},
		"a disguised host": {`<https://evil#@h/api/list>; rel=next`, cmserr.Invalid},
		"an odd address":   {`<https:\\evil/list>; rel=next`, cmserr.Unknown},
		"itself":           {`<` + list + `>; rel=next`, cmserr.Unknown},
		"a missing page":   {`<?page=2>; rel=next`, cmserr.NotFound},
	} {
		s := &site{pages: map[string]*Response{list: page("[1]", "link", c.link)}}
		got, err := read(Pager{Get: s.get}, list)
		if got != "[1]" || !cmserr.Is(err, c.kind) {
			t.Errorf("%s: got %q, %v; want %v", name, got, err, c.kind)
		}
		if c.kind != cmserr.NotFound && len(s.asked) != 1 {
			t.Errorf("%s: asked for %v", name, s.asked)
		}
	}
}

func TestPager_Max_IsAnError(t *testing.T) {
	t.Parallel()
	asked := 0
	endless := func(context.Context, string) (*Response, error) {
		asked++
		return page("[1]", "link", `<?page=`+strconv.Itoa(asked)+`>; rel=next`), nil
	}
	_, err := read(Pager{Get: endless, Max: 5}, list)
	if !cmserr.Is(err, cmserr.Unknown) || !strings.Contains(err.Error(), "5 pages") || asked != 5 {
		t.Errorf("got %v after %d pages", err, asked)
	}
	asked = 0
	if _, err = read(Pager{Get: endless}, list); err == nil || asked != DefaultMaxPages {
		t.Errorf("got %v after %d pages", err, asked)
	}
}

func TestPager_Rewrite_MapsToTheGateway(t *testing.T) {
	t.Parallel()
	gateway := func(url string) string { return strings.Replace(url, "https://host/repos/1", "https://h/api", 1) }
	s := &site{pages: map[string]*Response{
		list:             page("[1]", "link", `<https://host/repos/1/list?page=2>; rel=next`),
		list + "?page=2": page("[2]", "link", `<https://elsewhere/list>; rel=next`),
	}}
	got, err := read(Pager{Get: s.get, Rewrite: gateway}, list)
	if got != "[1] [2]" || !cmserr.Is(err, cmserr.Invalid) || !strings.Contains(err.Error(), "https://elsewhere") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestPager_StopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	s := &site{pages: map[string]*Response{list: page("[1]", "link", `<?page=2>; rel=next`)}}
	for range (Pager{Get: s.get}).Pages(t.Context(), list) {
		break
	}
	if !slices.Equal(s.asked, []string{list}) {
		t.Errorf("asked for %v", s.asked)
	}
}
