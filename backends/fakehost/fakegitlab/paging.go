package fakegitlab

import (
	"net/url"
	"slices"
	"strings"
)

const (
	defaultPerPage = 20
	maxPerPage     = 100
	// countLimit is the length from which lists don't say how long they are.
	countLimit = 10_000
)

// page is which part of a list a request asks for.
type page struct{ number, size int }

func (c *call) page() page {
	p := page{number: max(c.params.number("page", 1), 1), size: c.params.number("per_page", defaultPerPage)}
	if p.size <= 0 {
		p.size = defaultPerPage
	}
	p.size = min(p.size, maxPerPage)
	return p
}

// part is the page's part of n items.
func (p page) part(n int) (from, to int) {
	from = min((p.number-1)*p.size, n)
	return from, min(from+p.size, n)
}

// counted says how a list tells how long it is.
type counted int

const (
	withTotals    counted = iota
	withoutTotals         // neither header nor rel="last"
)

// paged answers a page of a list, each item made by convert. defaults are
// parameters that the links name though the client didn't.
func paged[T, J any](c *call, list []T, how counted, defaults map[string]string, convert func(T) (J, error)) (*answer, error) {
	p := c.page()
	from, to := p.part(len(list))
	out := make([]J, 0, to-from)
	for _, item := range list[from:to] {
		j, err := convert(item)
		if err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	if c.host.Settings().NoTotals || len(list) >= countLimit {
		how = withoutTotals
	}
	return &answer{body: out, header: c.pageHeader(p, len(list), how, defaults)}, nil
}

// pageHeader are the headers of offset paging
// (https://docs.gitlab.com/api/rest/#offset-based-pagination).
func (c *call) pageHeader(p page, n int, how counted, defaults map[string]string) map[string]string {
	pages := max((n+p.size-1)/p.size, 1)
	h := map[string]string{"X-Per-Page": digits(p.size), "X-Page": digits(p.number), "X-Next-Page": "", "X-Prev-Page": ""}
	var links []string
	link := func(rel string, number int) {
		links = append(links, "<"+c.pageURL(defaults, map[string]string{"page": digits(number), "per_page": digits(p.size)})+`>; rel="`+rel+`"`)
	}
	if p.number > 1 && p.number <= pages {
		h["X-Prev-Page"] = digits(p.number - 1)
		link("prev", p.number-1)
	}
	if p.number < pages {
		h["X-Next-Page"] = digits(p.number + 1)
		link("next", p.number+1)
	}
	link("first", 1)
	if how == withTotals {
		link("last", pages)
		h["X-Total"], h["X-Total-Pages"] = digits(n), digits(pages)
	}
	h["Link"] = strings.Join(links, ", ")
	return h
}

// keysetHeader has the link to the next page of keyset paging
// (https://docs.gitlab.com/api/rest/#keyset-based-pagination).
func (c *call) keysetHeader(p page, token string, defaults map[string]string) map[string]string {
	next := c.pageURL(defaults, map[string]string{"per_page": digits(p.size), "page_token": token})
	return map[string]string{"Link": "<" + next + `>; rel="next"`}
}

// pageURL is the request's address with other parameters. The host names all
// parameters that it knows of, in order, those of the path among them.
func (c *call) pageURL(sets ...map[string]string) string {
	q := url.Values{}
	for name, value := range c.path {
		q.Set(name, value)
	}
	for name, value := range sets[0] {
		q.Set(name, value)
	}
	for name := range c.params {
		if _, isList := c.params[name].([]any); isList || name == "labels" {
			for _, item := range c.params.list(name) {
				q.Add(name+"[]", item)
			}
			continue
		}
		q.Set(name, c.params.text(name))
	}
	for _, set := range sets[1:] {
		for name, value := range set {
			q.Set(name, value)
		}
	}
	return c.origin() + strings.TrimPrefix(c.r.URL.EscapedPath(), c.options.Root) + "?" + q.Encode()
}

// after is the part of a list behind the item with that name.
func after[T any](list []T, name string, nameOf func(T) string) ([]T, bool) {
	i := slices.IndexFunc(list, func(item T) bool { return nameOf(item) == name })
	if i < 0 {
		return nil, false
	}
	return list[i+1:], true
}
