package fakegitea

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// The server's settings for pages, of which GET settings/api tells
// (https://docs.gitea.com/administration/config-cheat-sheet#api-api).
const (
	defaultPageSize = 30 // DEFAULT_PAGING_NUM
	maxPageSize     = 50 // MAX_RESPONSE_ITEMS
	treePageSize    = 1000
	maxBlobSize     = 10 << 20  // bytes, DEFAULT_MAX_BLOB_SIZE
	maxResponseSize = 100 << 20 // bytes, DEFAULT_MAX_RESPONSE_SIZE
)

// page is which part of a list a request asks for.
type page struct{ number, size int }

// page reads page and limit; 0 or less is the default size.
func (c *call) page() page {
	p := page{number: max(c.number("page"), 1), size: c.number("limit")}
	if p.size <= 0 {
		p.size = defaultPageSize
	}
	p.size = min(p.size, maxPageSize)
	return p
}

// number is a parameter of the query; 0 when it isn't a number.
func (c *call) number(name string) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get(name))
	if err != nil {
		return 0
	}
	return n
}

// flag is a parameter of the query: 1, true, on … (FormBool).
func (c *call) flag(name string) bool {
	text := c.r.URL.Query().Get(name)
	v, err := strconv.ParseBool(text)
	return err == nil && v || strings.EqualFold(text, "on")
}

// part is the page's part of n items.
func (p page) part(n int) (from, to int) {
	from = min((p.number-1)*p.size, n)
	return from, min(from+p.size, n)
}

// pages is how many pages n items have; one at least.
func (p page) pages(n int) int { return max((n+p.size-1)/p.size, 1) }

// paged answers a page of a list, each item made by convert.
func paged[T, J any](c *call, list []T, convert func(T) (J, error)) (*answer, error) {
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
	a := &answer{body: out}
	c.links(a, p, len(list))
	return a, nil
}

// links sets Link and X-Total-Count. The addresses have the server's own root
// and the parameters in alphabetical order.
func (c *call) links(a *answer, p page, n int) {
	last := p.pages(n)
	var links []string
	add := func(rel string, number int) {
		links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, c.pageURL(number), rel))
	}
	if p.number < last {
		add("next", p.number+1)
		add("last", last)
	}
	if p.number > 1 {
		add("first", 1)
		add("prev", min(p.number-1, max(last-1, 1)))
	}
	if len(links) > 0 {
		a.set("Link", strings.Join(links, ","))
	}
	a.set("X-Total-Count", strconv.Itoa(n))
}

func (c *call) pageURL(number int) string {
	q := c.r.URL.Query()
	q.Set("page", strconv.Itoa(number))
	u := url.URL{Path: c.r.URL.Path, RawPath: c.r.URL.RawPath, RawQuery: q.Encode()}
	return c.root() + u.RequestURI()
}

// more sets the headers that lists of commits and of changed files have too.
func (a *answer) more(p page, n int) {
	a.set("X-Page", strconv.Itoa(p.number))
	a.set("X-PerPage", strconv.Itoa(p.size))
	a.set("X-PageCount", strconv.Itoa(p.pages(n)))
	a.set("X-HasMore", strconv.FormatBool(p.number < p.pages(n)))
}
