package fakebitbucket

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// listing says how an endpoint lists
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination).
type listing struct {
	usual, most int      // items of a page
	uncounted   bool     // it doesn't tell how many there are
	opaque      bool     // its pages have names, not numbers
	unfiltered  []string // what q and sort can't look at
}

// usualListing is how most endpoints list.
var usualListing = listing{usual: 10, most: 100}

// page is which part of a list a request asks for.
type page struct {
	size, from int
	number     int // 1 is the first
}

var (
	errPageLength = badRequest("Invalid pagelen")
	errPage       = badRequest("Invalid page")
)

func (c *call) page(l listing) (page, error) {
	p := page{size: l.usual, number: 1}
	if text := c.param("pagelen"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > l.most {
			return p, errPageLength
		}
		p.size = n
	}
	if text := c.param("page"); text != "" {
		n, err := strconv.Atoi(text)
		if l.opaque && text != "1" {
			n, err = openPage(text)
		}
		if err != nil || n < 1 {
			return p, errPage
		}
		p.number = n
	}
	p.from = (p.number - 1) * p.size
	return p, nil
}

// pageName is the name of a page where it is not its number.
func pageName(number int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("p" + strconv.Itoa(number)))
}

func openPage(name string) (int, error) {
	text, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimPrefix(string(text), "p"))
}

// paged answers a page of a list, filtered and sorted as the request wants it.
// convert makes the JSON of an item.
func paged[T any](c *call, list []T, l listing, convert func(T) (obj, error)) (*answer, error) {
	p, err := c.page(l)
	if err != nil {
		return nil, err
	}
	if c.param("q") == "" && c.params.Get("sort") == "" {
		items, err := converted(part(list, p), convert)
		return c.pageOf(items, p, l, len(list)), err
	}
	items, err := converted(list, convert)
	if err == nil {
		items, err = c.filtered(items, l)
	}
	if err != nil {
		return nil, err
	}
	return c.pageOf(part(items, p), p, l, len(items)), nil
}

func part[T any](list []T, p page) []T {
	from := min(p.from, len(list))
	return list[from:min(from+p.size, len(list))]
}

func converted[T any](list []T, convert func(T) (obj, error)) ([]obj, error) {
	out := make([]obj, 0, len(list))
	for _, item := range list {
		o, err := convert(item)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// filtered applies q and sort.
func (c *call) filtered(items []obj, l listing) ([]obj, error) {
	if text := c.param("q"); text != "" {
		wanted, fields, err := query(text)
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			if err := checkField(items, field, l); err != nil {
				return nil, err
			}
		}
		items = slices.DeleteFunc(items, func(o obj) bool { return !wanted(o) })
	}
	if by := c.param("sort"); by != "" {
		if err := checkField(items, strings.TrimPrefix(by, "-"), l); err != nil {
			return nil, err
		}
		sorted(items, by)
	}
	return items, nil
}

// checkField refuses a field that none of the items has.
func checkField(items []obj, field string, l listing) error {
	name, _, _ := strings.Cut(field, ".")
	known := len(items) == 0 || slices.ContainsFunc(items, func(o obj) bool { return knows(o, name, field) })
	if !known || slices.Contains(l.unfiltered, name) {
		return badRequest(`Field "` + field + `" does not support filtering`)
	}
	return nil
}

func knows(o obj, name, field string) bool {
	item, has := o[name]
	if _, isObject := item.(obj); isObject {
		return len(lookup(o, strings.Split(field, "."))) > 0
	}
	return has
}

// pageOf is the answer for a page of total items.
func (c *call) pageOf(items []obj, p page, l listing, total int) *answer {
	body := obj{"pagelen": p.size, "values": items, "page": p.number}
	if !l.uncounted && !c.host.Settings().NoTotals {
		body["size"] = total
	}
	if p.from+p.size < total {
		body["next"] = c.pageURL(p.number+1, l)
	}
	if p.number > 1 {
		body["previous"] = c.pageURL(p.number-1, l)
	}
	return &answer{body: body}
}

// pageURL is the request's own address with another page.
func (c *call) pageURL(number int, l listing) string {
	name := strconv.Itoa(number)
	if l.opaque {
		name = pageName(number)
	}
	q := url.Values{}
	for key, values := range c.params {
		q[key] = values
	}
	q.Set("page", name)
	return c.origin() + c.r.URL.EscapedPath() + "?" + q.Encode()
}
