package gitgateway

import (
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/rest"
)

// rewritten is an answer whose next page is where it can be asked for. The provider names
// itself, by whatever address it knows of, and the gateway leaves that or cuts it short.
// What a page is asked for by is the query; all else is as it was asked for.
func (d *door) rewritten(res *rest.Response, url string) *rest.Response {
	here, _, _ := strings.Cut(url, "?")
	out := *res
	if link := res.Header.Get("link"); link != "" {
		out.Header = rest.Header{}
		for name, value := range res.Header {
			out.Header[name] = value
		}
		out.Header["link"] = relink(link, here)
	}
	if d.pages {
		out.Body = repage(res.Body, here)
	}
	return &out
}

// relink puts here in the place of all targets of a Link field but for their queries.
func relink(field, here string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(field, "<")
		target, after, whole := strings.Cut(rest, ">")
		if !found || !whole {
			b.WriteString(field)
			return b.String()
		}
		b.WriteString(before + "<" + at(here, target) + ">")
		field = after
	}
}

// repage does the same to the member “next” of a page.
func repage(body []byte, here string) []byte {
	if !gjson.ValidBytes(body) {
		return body
	}
	next := gjson.GetBytes(body, "next")
	if next.Type != gjson.String || next.Index == 0 {
		return body
	}
	out := append([]byte{}, body[:next.Index]...)
	out = gjson.AppendJSONString(out, at(here, next.Str))
	return append(out, body[next.Index+len(next.Raw):]...)
}

// at is here with the query of another address.
func at(here, target string) string {
	_, query, ok := strings.Cut(target, "?")
	if !ok {
		return here
	}
	return here + "?" + query
}
