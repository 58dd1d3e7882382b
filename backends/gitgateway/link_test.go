package gitgateway

import (
	"testing"

	"mooring/backends/rest"
)

func TestDoor_KeepsPagesUnderTheGateway(t *testing.T) {
	t.Parallel()
	const here = "https://site.example/.netlify/git/x/inside/list"
	for name, c := range map[string]struct {
		pages      bool
		link, body string
		wantLink   string
		wantBody   string
	}{
		"GitHub, by number": {
			link: `<https://api.github.com/repositories/12/pulls?state=open&page=2>; rel="next", ` +
				`<https://api.github.com/repositories/12/pulls?state=open&page=9>; rel="last"`,
			wantLink: `<` + here + `?state=open&page=2>; rel="next", <` + here + `?state=open&page=9>; rel="last"`,
		},
		"GitLab, cut short": {
			link:     `</merge_requests?id=o%2Fr&page=1>; rel="first",</merge_requests?id=o%2Fr&page=2>; rel="next"`,
			wantLink: `<` + here + `?id=o%2Fr&page=1>; rel="first",<` + here + `?id=o%2Fr&page=2>; rel="next"`,
		},
		"no query":         {link: `<https://api.github.com/x>; rel="next"`, wantLink: `<` + here + `>; rel="next"`},
		"no link":          {link: `what < is`, wantLink: `what < is`},
		"Bitbucket":        {pages: true, body: `{"values":[1],"next":"/src/abc/?page=xy&q=1","size":2}`, wantBody: `{"values":[1],"next":"` + here + `?page=xy\u0026q=1","size":2}`},
		"the last page":    {pages: true, body: `{"values":[]}`, wantBody: `{"values":[]}`},
		"next is no text":  {pages: true, body: `{"next":3}`, wantBody: `{"next":3}`},
		"a member further": {pages: true, body: `{"a":{"next":"/x?y"}}`, wantBody: `{"a":{"next":"/x?y"}}`},
		"no JSON":          {pages: true, body: "next", wantBody: "next"},
		"nothing":          {pages: true},
		"others' bodies":   {body: `{"next":"/src?page=2"}`, wantBody: `{"next":"/src?page=2"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			was := &rest.Response{Status: 200, Header: rest.Header{"etag": `"e"`}, Body: []byte(c.body)}
			if c.link != "" {
				was.Header["link"] = c.link
			}
			got := (&door{pages: c.pages}).rewritten(was, here+"?page=1")
			if got.Header["link"] != c.wantLink || string(got.Body) != c.wantBody || got.Header["etag"] != `"e"` {
				t.Errorf("got %q and %s", got.Header, got.Body)
			}
			if was.Header["link"] != c.link || string(was.Body) != c.body {
				t.Error("the answer itself was changed, which may be shared")
			}
		})
	}
}
