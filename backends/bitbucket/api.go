package bitbucket

import (
	"cmp"
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

const (
	// pageSize is the most that Bitbucket puts on a page of most lists.
	pageSize = "100"
	// pullPageSize is the most that it puts on a page of pull requests.
	pullPageSize = "50"
	// atOnce is how many requests are under way at the same time: each file costs one. The
	// built-in backend of Static CMS has as many.
	atOnce = 20
)

// api is how Bitbucket is spoken to.
type api struct {
	rest.API
	outside    rest.Doer // to other origins: no credential goes there by itself
	scheme     string
	statusPage string // "" on a server of one's own
	clock      rest.Clock
	token      func(context.Context) (string, error)
}

func newAPI(cfg Config, env Env) (*api, error) {
	root := cmp.Or(strings.TrimRight(cfg.APIRoot, "/"), DefaultRoot)
	if !strings.HasPrefix(root, "https://") && !strings.HasPrefix(root, "http://") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.api_root` must be a whole address such as “"+DefaultRoot+"”, not “"+cfg.APIRoot+"”.")
	}
	govern := env.Govern
	govern.Host = cmp.Or(govern.Host, "Bitbucket")
	govern.Concurrency = cmp.Or(govern.Concurrency, atOnce)
	if govern.Clock == nil {
		govern.Clock = rest.RealClock()
	}
	a := &api{
		outside: env.Doer, scheme: cmp.Or(cfg.AuthScheme, "Bearer"), clock: govern.Clock, token: env.Token,
	}
	// No ETags: the API has them for files alone, and those are asked for once.
	a.API = rest.API{Root: root, Doer: rest.NewGovernor(env.Doer, govern), Header: a.header, Fail: refused}
	if root == DefaultRoot {
		a.statusPage = publicStatus
	}
	return a, nil
}

// header says who asks. Bearer is right for OAuth's tokens and for access tokens; an
// account's API token comes with its e-mail address, “address:token”, and is Basic. No
// bearer token has a colon.
// https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
func (a *api) header(ctx context.Context) (rest.Header, error) {
	token, err := a.token(ctx)
	if err != nil || token == "" {
		return rest.Header{}, err
	}
	if strings.Contains(token, ":") {
		return rest.Header{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(token))}, nil
	}
	return rest.Header{"authorization": a.scheme + " " + token}, nil
}

// page reads one page of a list, and where it goes on: "" if that was the last.
// https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
func (a *api) page(ctx context.Context, path string) (values gjson.Result, next string, err error) {
	v, err := a.Get(ctx, path)
	if err != nil {
		return gjson.Result{}, "", err
	}
	if values = v.Get("values"); !values.IsArray() {
		return gjson.Result{}, "", errNoList
	}
	return values, a.here(v.Get("next").String()), nil
}

// errNoList says that an answer is no list.
var errNoList = misshapen("list")

// here maps the address of a next page to where this API is reached: a proxy or a
// gateway may stand before Bitbucket, which names itself.
func (a *api) here(url string) string {
	if i := strings.Index(url, "/repositories/"); i >= 0 && rest.Origin(url) != url {
		return a.Root + url[i:]
	}
	return url
}

// each reads a list to its end, element by element.
func (a *api) each(ctx context.Context, path string, do func(gjson.Result) error) error {
	seen := map[string]bool{}
	for path != "" {
		if seen[path] || len(seen) == rest.DefaultMaxPages {
			return endless()
		}
		seen[path] = true
		values, next, err := a.page(ctx, path)
		if err != nil {
			return err
		}
		for _, item := range values.Array() {
			if err := do(item); err != nil {
				return err
			}
		}
		path = next
	}
	return nil
}

// endless is the error of a list that goes round in circles, or on for ever.
func endless() error {
	return cmserr.New(cmserr.Unknown, "Bitbucket goes on with a list for more than "+
		strconv.Itoa(rest.DefaultMaxPages)+" pages, or repeats one. Try again.")
}

// fetch reads what is no JSON, by reference if refer is set. Bitbucket leads large files
// (Git LFS) to a store of their own, which browsers follow by themselves; no credential
// goes there.
func (a *api) fetch(ctx context.Context, path string, refer bool) (*rest.Response, error) {
	header, err := a.header(ctx)
	if err != nil {
		return nil, err
	}
	res, err := a.Doer.Do(ctx, &rest.Request{Method: "GET", URL: a.Root + path, Header: header, Refer: refer})
	if err != nil {
		return nil, err
	}
	if to := res.Header.Get("location"); res.Status/100 == 3 && to != "" {
		if res, err = a.outside.Do(ctx, &rest.Request{Method: "GET", URL: to, Refer: refer}); err != nil {
			return nil, err
		}
	}
	if !res.OK() {
		return nil, refused(res)
	}
	return res, nil
}

func misshapen(what string) error { return rest.Misshapen("Bitbucket", what) }
