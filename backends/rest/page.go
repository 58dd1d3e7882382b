package rest

import (
	"context"
	"iter"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// DefaultMaxPages is the number of pages that no list should have.
const DefaultMaxPages = 1000

// Pager reads a list to its end, whatever way the host has to continue one.
type Pager struct {
	// Get asks for one page; an answer that is no success is its error.
	Get func(ctx context.Context, url string) (*Response, error)
	// Max is how many pages may come before the list is an error; 0 is DefaultMaxPages.
	Max int
	// Rewrite maps the URL of a next page to where it can be asked for, e.g. from
	// a host to the gateway before it. nil leaves it.
	Rewrite func(url string) string
	// Size names the query parameter that says how many items a page has. Where nothing
	// tells whether there is more, a full page may not be the last. "": it is.
	Size string
}

// Pages yields one page after the other, the first from an absolute URL. It goes on by
// the Link field with rel=next (GitHub, Gitea), or, where there is no Link field,
// by the page number in x-next-page (GitLab), or while x-total-pages or
// x-total-count say that there is more, or else by Size; a total counts the items of
// pages that are JSON arrays.
//
// An error is yielded once, and is the end. A next page on another origin is one,
// because credentials would travel there; so is one that was there before, and a
// list of more than Max pages.
func (p Pager) Pages(ctx context.Context, first string) iter.Seq2[*Response, error] {
	return func(yield func(*Response, error) bool) {
		seen := map[string]bool{}
		items := 0
		for url := first; url != ""; {
			if err := p.check(first, url, seen); err != nil {
				yield(nil, err)
				return
			}
			seen[url] = true
			res, err := p.Get(ctx, url)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(res, nil) {
				return
			}
			if url, err = p.next(res, url, &items); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

func (p Pager) check(first, url string, seen map[string]bool) error {
	most := p.Max
	if most <= 0 {
		most = DefaultMaxPages
	}
	host := Origin(first)
	switch {
	case !sameOrigin(first, url):
		return cmserr.New(cmserr.Invalid, host+" continues a list at "+Origin(url)+
			", where your credentials must not go. Check that api_root is the address that the host gives itself.")
	case seen[url]:
		return cmserr.New(cmserr.Unknown, host+" continues a list with a page that it gave before. Try again.")
	case len(seen) >= most:
		return cmserr.New(cmserr.Unknown, host+" gave "+strconv.Itoa(most)+
			" pages of a list, and there are more than that. Mooring reads no longer lists.")
	}
	return nil
}

// next is the URL of the page after res, "" if res is the last. items counts what
// the pages held so far.
func (p Pager) next(res *Response, url string, items *int) (string, error) {
	next := ""
	if link := res.Header.Get("link"); link != "" {
		if target := nextLink(link); target != "" {
			absolute, ok := resolve(url, target)
			if !ok {
				return "", cmserr.New(cmserr.Unknown, Origin(url)+
					" continues a list at an address that cannot be read. Try again.")
			}
			next = absolute
		}
	} else if n := p.nextNumber(res, url, items); n > 0 {
		next = setQuery(url, "page", strconv.Itoa(n))
	}
	if next != "" && p.Rewrite != nil {
		next = p.Rewrite(next)
	}
	return next, nil
}

// nextNumber is the number of the page after res, 0 if res is the last.
func (p Pager) nextNumber(res *Response, url string, items *int) int {
	if n := number(res.Header.Get("x-next-page")); n > 0 {
		return n
	}
	page := max(number(getQuery(url, "page")), 1)
	if page < number(res.Header.Get("x-total-pages")) {
		return page + 1
	}
	// The host may give fewer items than were asked for, so they are counted.
	here := int(gjson.GetBytes(res.Body, "#").Int())
	total := max(number(res.Header.Get("x-total-count")), number(res.Header.Get("x-total")))
	if total == 0 {
		if size := number(getQuery(url, p.Size)); size > 0 && here >= size && tellsNothing(res) {
			return page + 1
		}
		return 0
	}
	if *items += here; here > 0 && *items < total {
		return page + 1
	}
	return 0
}

// tellsNothing says whether an answer is silent on pages that follow. A field without
// a value tells that there is none.
func tellsNothing(res *Response) bool {
	for _, field := range []string{"x-next-page", "x-total-pages", "x-total-count", "x-total"} {
		if _, told := res.Header[field]; told {
			return false
		}
	}
	return true
}

// number reads a positive number; anything else is 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
