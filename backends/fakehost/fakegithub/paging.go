package fakegithub

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	defaultPerPage = 30
	maxPerPage     = 100
)

// page is which part of a list a request asks for.
type page struct{ number, size int }

func (c *call) page(size int) page {
	q := c.r.URL.Query()
	p := page{number: 1, size: size}
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil && n > 0 {
		p.size = min(n, maxPerPage)
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		p.number = n
	}
	return p
}

// part is the page's part of n items.
func (p page) part(n int) (from, to int) {
	from = min((p.number-1)*p.size, n)
	return from, min(from+p.size, n)
}

// paged answers a page of a list, each item made by convert.
func paged[T, J any](c *call, list []T, convert func(T) (J, error)) (*answer, error) {
	p := c.page(defaultPerPage)
	from, to := p.part(len(list))
	out := make([]J, 0, to-from)
	for _, item := range list[from:to] {
		j, err := convert(item)
		if err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return &answer{body: out, links: c.links(p, len(list))}, nil
}

// links is the Link header for a page of n items: rel prev, next, last and
// first, in the host's order. It names the repository by its number.
func (c *call) links(p page, n int) string {
	last := max((n+p.size-1)/p.size, 1)
	var links []string
	add := func(rel string, number int) {
		links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, c.pageURL(number), rel))
	}
	if p.number > 1 {
		add("prev", min(p.number-1, last))
	}
	if p.number < last {
		add("next", p.number+1)
		add("last", last)
	}
	if p.number > 1 {
		add("first", 1)
	}
	return strings.Join(links, ", ")
}

func (c *call) pageURL(number int) string {
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), c.root()+"/")
	if c.repo != nil && strings.HasPrefix(path, "repos/") {
		parts := strings.SplitN(path, "/", 4)
		path = "repositories/" + digits(c.repo.Info().ID)
		if len(parts) == 4 {
			path += "/" + parts[3]
		}
	}
	q := c.r.URL.Query()
	q.Set("page", strconv.Itoa(number))
	return c.api() + path + "?" + q.Encode()
}
