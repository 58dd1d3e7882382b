//go:build js && wasm

// Package jsbackend offers the portable backends to JavaScript: it decodes a call's
// arguments, calls the backend, and encodes the answer. Method names are Static
// CMS's own. One file per concern of the CMS.
package jsbackend

import (
	"context"
	"sync"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/wasm/bridge"
)

// Program holds the open backends of one Go program.
type Program struct {
	registry *backends.Registry
	port     *bridge.Port
	store    blobstore.Store
	tokens   *asker
	mu       sync.Mutex
	open     map[int]*backends.Backend
	last     int
}

// New makes a Program whose backends come from registry. Events go through port.
func New(registry *backends.Registry, port *bridge.Port) *Program {
	return &Program{
		registry: registry, port: port, open: map[int]*backends.Backend{},
		store: openStore(port.Host("store")), tokens: newAsker(port),
	}
}

// method is one call on an open backend.
type method func(ctx context.Context, b *backends.Backend, args *bridge.Decoder) (*bridge.Result, error)

var methods = map[string]method{
	"authenticate":       authenticate,
	"restoreUser":        restoreUser,
	"logout":             logout,
	"getToken":           getToken,
	"status":             status,
	"entriesByFolder":    entriesByFolder,
	"entriesByFiles":     entriesByFiles,
	"getEntry":           getEntry,
	"persistEntry":       persistEntry,
	"deleteFiles":        deleteFiles,
	"getMedia":           getMedia,
	"getMediaFile":       getMediaFile,
	"getMediaThumbnail":  getMediaThumbnail,
	"persistMedia":       persistMedia,
	"unpublishedEntries": unpublishedEntries,
	"draftTexts":         draftTexts,
	"unpublishedEntry":   unpublishedEntry,

	"unpublishedEntryMediaFile":    unpublishedEntryMediaFile,
	"updateUnpublishedEntryStatus": updateUnpublishedEntryStatus,
	"publishUnpublishedEntry":      publishUnpublishedEntry,
	"deleteUnpublishedEntry":       deleteUnpublishedEntry,
	"getDeployPreview":             getDeployPreview,
}

// Handle is the bridge.Handler of the program.
func (p *Program) Handle(ctx context.Context, name string, args *bridge.Decoder) (*bridge.Result, error) {
	switch name {
	case "open":
		return p.openBackend(args)
	case "close":
		return p.closeBackend(args)
	case "names":
		return p.names()
	case "answerToken":
		return p.tokens.answer(args)
	}
	call := methods[name]
	if call == nil {
		return nil, cmserr.New(cmserr.Invalid, "A backend has no method "+name+".")
	}
	b, err := p.backend(args)
	if err != nil {
		return nil, err
	}
	return call(ctx, b, args)
}

func (p *Program) backend(args *bridge.Decoder) (*backends.Backend, error) {
	id := args.OptInt("backend")
	if err := args.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.open[id]
	if b == nil {
		return nil, cmserr.New(cmserr.Invalid, "This backend was disposed of.")
	}
	return b, nil
}

func (p *Program) openBackend(args *bridge.Decoder) (*bridge.Result, error) {
	name := args.String("name")
	cfg := decodeConfig(args.Object("config"))
	env := backends.Env{Store: p.store, Report: p.port.ReportError, Wait: p.tellWait}
	if args.Has("files") {
		env.Store = nil // The repository is in memory already.
		env.Files = map[string][]byte{}
		args.Each("files", func(d *bridge.Decoder) { env.Files[d.String("path")] = d.Bytes("data") })
	}
	if err := args.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.last + 1
	ask := func(ctx context.Context, refused string) (token, error) { return p.tokens.token(ctx, id, refused) }
	switch {
	case args.OptBool("asksTokens"):
		held := &pageToken{ask: ask}
		env.Token, env.Renew = held.get, held.renew
	case args.OptBool("renewsTokens"):
		env.Renew = func(ctx context.Context, refused string) (string, error) {
			t, err := ask(ctx, refused)
			return t.text, err
		}
	}
	env.OnFiles = func(changed map[string][]byte) { p.port.Event("files", filesEvent(id, changed)) }
	b, err := p.registry.Open(name, cfg, env)
	if err != nil {
		return nil, err
	}
	p.last = id
	p.open[id] = b
	return object(func(j *bridge.JSON) { j.Field("backend").Int(id) }), nil
}

func (p *Program) closeBackend(args *bridge.Decoder) (*bridge.Result, error) {
	id := args.OptInt("backend")
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, id)
	return nil, args.Err()
}

func (p *Program) names() (*bridge.Result, error) {
	return array(func(j *bridge.JSON) {
		for _, name := range p.registry.Names() {
			j.String(name)
		}
	}), nil
}

func decodeConfig(d *bridge.Decoder) backends.Config {
	return backends.Config{
		Repo: d.OptString("repo"), Branch: d.OptString("branch"),
		APIRoot: d.OptString("api_root"), BaseURL: d.OptString("base_url"),
		GraphQLRoot:    d.OptString("graphql_api_root"),
		AuthScheme:     d.OptString("auth_scheme"),
		OpenAuthoring:  d.OptBool("open_authoring"),
		AlwaysFork:     d.OptBool("always_fork"),
		ProxyURL:       d.OptString("proxy_url"),
		CMSLabelPrefix: d.OptString("cms_label_prefix"),
		SquashMerges:   d.OptBool("squash_merges"),
		PreviewContext: d.OptString("preview_context"),
		MediaFolder:    d.OptString("media_folder"),
		PublicFolder:   d.OptString("public_folder"),
		UseWorkflow:    d.OptBool("use_workflow"),
		InitialStatus:  d.OptString("initial_status"),
		LargeMediaURL:  d.OptString("large_media_url"),
		Gateway:        decodeGateway(d),
	}
}

// decodeGateway reads what the page adds once somebody is signed in to a gateway.
func decodeGateway(d *bridge.Decoder) backends.Gateway {
	if !d.Has("gateway") {
		return backends.Gateway{}
	}
	d = d.Object("gateway")
	who := d.Object("identity")
	return backends.Gateway{
		URL: d.String("url"), LargeMediaURL: d.String("large_media_url"),
		ShrinkImages: d.OptBool("shrink_images"),
		Identity: cms.User{
			Login: who.String("login"), Name: who.String("name"),
			Email: who.String("email"), AvatarURL: who.OptString("avatar_url"),
		},
	}
}

// filesEvent lists changed files of a test repository: bytes of those that are
// there come as blobs, in the order of the paths that are not deleted.
func filesEvent(id int, changed map[string][]byte) *bridge.Result {
	r := &bridge.Result{}
	r.Meta.Object(func() {
		r.Meta.Field("backend").Int(id)
		r.Meta.Field("files").Array(func() {
			for path, data := range changed {
				r.Meta.Object(func() {
					r.Meta.Field("path").String(path)
					r.Meta.Field("deleted").Bool(data == nil)
				})
				if data != nil {
					r.Blobs = append(r.Blobs, content.Bytes(data))
				}
			}
		})
	})
	return r
}

// tellWait sends why a host is waited for: {host, reason, until}, until in
// milliseconds since 1970, 0 when it goes on.
func (p *Program) tellWait(w backends.Waiting) {
	p.port.Event("progress", object(func(j *bridge.JSON) {
		j.Field("host").String(w.Host)
		j.Field("reason").String(w.Reason)
		until := 0
		if !w.Until.IsZero() {
			until = int(w.Until.UnixMilli())
		}
		j.Field("until").Int(until)
	}))
}

func object(write func(j *bridge.JSON)) *bridge.Result {
	r := &bridge.Result{}
	r.Meta.Object(func() { write(&r.Meta) })
	return r
}

func array(write func(j *bridge.JSON)) *bridge.Result {
	r := &bridge.Result{}
	r.Meta.Array(func() { write(&r.Meta) })
	return r
}
