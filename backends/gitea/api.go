package gitea

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

const (
	typeJSON = "application/json"
	// pageSize is the most that servers put on a page unless they are told otherwise
	// ([api] MAX_RESPONSE_ITEMS).
	pageSize = 50
	// atOnce is how many batches are asked for at the same time, as many as a browser
	// sends to one host.
	atOnce = 6
)

// api is how the server is spoken to.
type api struct {
	rest.API
	scheme string
	clock  rest.Clock
	token  func(context.Context) (string, error)

	fileSizes, blobSizes *rest.Sizer
	files, blobs         offer // file-contents, and git/blobs for many
	version              versionMemo
}

func newAPI(cfg Config, env Env) (*api, error) {
	root := cmp.Or(strings.TrimRight(cfg.APIRoot, "/"), DefaultRoot)
	if !strings.HasPrefix(root, "https://") && !strings.HasPrefix(root, "http://") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.api_root` must be a whole address such as “https://git.example.com/api/v1”, not “"+cfg.APIRoot+"”.")
	}
	govern := env.Govern
	govern.Host = cmp.Or(govern.Host, "Gitea")
	if govern.Clock == nil {
		govern.Clock = rest.RealClock()
	}
	a := &api{
		scheme: cmp.Or(cfg.AuthScheme, "token"), clock: govern.Clock, token: env.Token,
		fileSizes: rest.NewSizer(filesAtOnce, filesAtOnce),
		blobSizes: rest.NewSizer(pageSize, pageSize),
	}
	// No ETags: the API sends none, and browsers may not send If-None-Match there.
	a.API = rest.API{
		Root: root, Doer: reachable{rest.NewGovernor(env.Doer, govern)}, Header: a.header, Fail: refused,
	}
	return a, nil
}

// offer is what only some servers have. Whether this one has it is found out by asking
// for it: that costs the others a request, once, and those that have it none.
type offer struct{ state atomic.Int32 }

const (
	unknown int32 = iota
	offered
	lacking
)

func (o *offer) is(state int32) bool { return o.state.Load() == state }

func (o *offer) note(state int32) { o.state.Store(state) }

// header says who asks. The server lets web pages send few other fields.
func (a *api) header(ctx context.Context) (rest.Header, error) {
	token, err := a.token(ctx)
	if err != nil {
		return nil, err
	}
	h := rest.Header{"accept": typeJSON}
	if token != "" {
		h["authorization"] = a.scheme + " " + token
	}
	return h, nil
}

// page reads one page of a list, and how many elements all pages have: -1 where the
// server does not tell.
func (a *api) page(ctx context.Context, path string, number int) (gjson.Result, int, error) {
	res, err := a.Do(ctx, &rest.Request{Method: "GET", URL: pageOf(path, number)})
	if err != nil {
		return gjson.Result{}, 0, err
	}
	list := gjson.ParseBytes(res.Body)
	if !gjson.ValidBytes(res.Body) || !list.IsArray() && list.Type != gjson.Null {
		return gjson.Result{}, 0, misshapen("list")
	}
	total, err := strconv.Atoi(res.Header.Get("x-total-count"))
	if err != nil {
		total = -1
	}
	return list, total, nil
}

// pageOf is the address of one page of a list.
func pageOf(path string, number int) string {
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	return path + joint + "limit=" + strconv.Itoa(pageSize) + "&page=" + strconv.Itoa(number)
}

// each reads a list to its end, element by element. It counts pages itself: what the
// Link field says is the server's own idea of its address, which need not be the one
// that it is reached at. Where the server tells how long the list is, all pages after
// the first come at the same time.
func (a *api) each(ctx context.Context, path string, do func(gjson.Result) error) error {
	first, total, err := a.page(ctx, path, 1)
	if err != nil {
		return err
	}
	pages := []gjson.Result{first}
	switch per := len(first.Array()); {
	case per == 0 || total >= 0 && total <= per:
	case total < 0:
		pages, err = a.morePages(ctx, path, pages)
	default:
		var others []gjson.Result
		others, err = a.pagesTogether(ctx, path, (total-1)/per)
		pages = append(pages, others...)
	}
	if err != nil {
		return err
	}
	for _, page := range pages {
		for _, item := range page.Array() {
			if err := do(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// pagesTogether reads n pages after the first.
func (a *api) pagesTogether(ctx context.Context, path string, n int) ([]gjson.Result, error) {
	pages := make([]gjson.Result, n)
	err := rest.Together(ctx, n, func(ctx context.Context, i int) (err error) {
		pages[i], _, err = a.page(ctx, path, i+2)
		return err
	})
	return pages, err
}

// morePages reads page after page until one is empty.
func (a *api) morePages(ctx context.Context, path string, pages []gjson.Result) ([]gjson.Result, error) {
	for number := 2; number <= rest.DefaultMaxPages; number++ {
		page, _, err := a.page(ctx, path, number)
		if err != nil || len(page.Array()) == 0 {
			return pages, err
		}
		pages = append(pages, page)
	}
	return nil, cmserr.New(cmserr.Unknown, "The server goes on with a list for more than "+
		strconv.Itoa(rest.DefaultMaxPages)+" pages. Mooring reads no longer lists.")
}

// noRoute says whether the server has nothing at an address: it is older than what
// was asked for, or another kind of server.
func noRoute(err error) bool {
	e := cmserr.From(err)
	return err != nil && e.Kind == cmserr.Unsupported && (e.Status == 404 || e.Status == 405)
}

func misshapen(what string) error { return rest.Misshapen("The server", what) }
