package gitgateway

import (
	"context"
	"strings"
	"sync"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/lfs"
)

// largeMedia keeps large files beside the repository: Netlify's Large Media, which is Git
// LFS, and gives out files by their hashes besides. A site has it where its .lfsconfig
// says so.
// https://docs.netlify.com/git/large-media/overview/
type largeMedia struct {
	repo   driver.Driver // whose .lfsconfig counts
	url    string        // "" where there is none
	shrink bool
	server rest.Doer
	client *lfs.Client
	own    driver.LFSReader // of the provider, for sites without; nil: it has none
	points bool             // the provider makes pointers itself

	mu    sync.Mutex
	known map[string]bool // whether a .lfsconfig names it, by the blob's id
}

func newLargeMedia(repo driver.Driver, cfg Config, env Env) *largeMedia {
	govern := env.Govern
	govern.Host = "Netlify"
	m := &largeMedia{
		repo: repo, url: cfg.LargeMediaURL, shrink: cfg.ShrinkImages, known: map[string]bool{},
		server: rest.NewGovernor(env.renewing(), govern),
	}
	m.client = &lfs.Client{
		Host: govern.Host, Root: m.url, Server: m.server, Store: lfs.NewStore(govern.Host, env.Doer, env.Govern),
		Header: func(ctx context.Context) (rest.Header, error) { return credential(ctx, env) },
	}
	return m
}

func credential(ctx context.Context, env Env) (rest.Header, error) {
	token, err := env.Token(ctx)
	return rest.Header{"authorization": bearer + token}, err
}

// StoresLFS implements driver.LFSChooser.
func (m *largeMedia) StoresLFS(ctx context.Context, commit string) (bool, error) {
	has, err := m.isFor(ctx, commit)
	if err != nil || has || m.points {
		return has, err
	}
	return false, cmserr.New(cmserr.Unsupported, "The file is to be kept in Git LFS, to which Git Gateway leads only where "+
		"`.lfsconfig` names Netlify Large Media. Nothing was saved. Commit the file with Git, or keep it elsewhere.")
}

// UploadLFS implements driver.LFSStore.
func (m *largeMedia) UploadLFS(ctx context.Context, files []driver.LFSFile) error {
	if m.url == "" {
		return noMedia()
	}
	return m.client.Upload(ctx, files)
}

// DownloadLFS implements driver.LFSReader.
func (m *largeMedia) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	has, err := m.isFor(ctx, from.Commit)
	switch {
	case err != nil:
		return nil, cmserr.At(err, "", "", from.Path)
	case !has && m.own != nil:
		return m.own.DownloadLFS(ctx, p, from)
	case !has:
		return nil, cmserr.At(noMedia(), "", "", from.Path)
	}
	file, err := m.original(ctx, p)
	return file, cmserr.At(err, "", "", from.Path)
}

func noMedia() error {
	return cmserr.New(cmserr.Unsupported, "The file is kept in Git LFS, which can't be reached through Git Gateway.")
}

func (m *largeMedia) original(ctx context.Context, p driver.LFSPointer) (content.Content, error) {
	file, err := m.read(ctx, p, "")
	if err != nil {
		return nil, err
	}
	right, err := p.Matches(ctx, file)
	switch {
	case err != nil:
		return nil, err
	case !right:
		return nil, cmserr.New(cmserr.Network, "What Netlify Large Media sent is not the whole file that was asked for. Try again.")
	}
	return file, nil
}

// smaller asks for an image that fits into a card of the CMS's list of media.
// https://docs.netlify.com/git/large-media/transform-images/
const smaller = "?nf_resize=fit&w=560&h=320"

// Thumbnail implements driver.Thumbnailer. What can't be made smaller is shown as it is.
func (m *largeMedia) Thumbnail(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	has, err := m.isFor(ctx, from.Commit)
	if err == nil && has && m.shrink {
		if small, err := m.read(ctx, p, smaller); err == nil {
			return small, nil
		}
	}
	return m.DownloadLFS(ctx, p, from)
}

// read asks for a file by its hash.
func (m *largeMedia) read(ctx context.Context, p driver.LFSPointer, how string) (content.Content, error) {
	header, err := m.client.Header(ctx)
	if err != nil {
		return nil, err
	}
	res, err := m.server.Do(ctx, &rest.Request{Method: "GET", URL: m.url + "/origin/" + p.OID + how, Header: header, Refer: true})
	switch {
	case err != nil:
		return nil, err
	case res.Status == 404:
		return nil, &cmserr.Error{Kind: cmserr.NotFound, Status: 404, Msg: "Netlify Large Media has not this file. " +
			"Push it there with `git lfs push --all`, or store it anew."}
	case !res.OK():
		return nil, &cmserr.Error{Kind: rest.KindOf(res.Status), Status: res.Status,
			Msg: "Netlify Large Media does not give the file. Sign in again; if it stays so, ask the site's administrator."}
	}
	return res.Whole(), nil
}

// isFor says whether the site keeps its large files here, as the repository has it at a
// commit.
func (m *largeMedia) isFor(ctx context.Context, commit string) (bool, error) {
	if m.url == "" {
		return false, nil
	}
	root, err := m.repo.Tree(ctx, commit, "", false)
	if err != nil {
		return false, err
	}
	for _, e := range root {
		if e.Path == lfsConfig && e.IsFile() {
			return m.isNamedBy(ctx, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: commit})
		}
	}
	return false, nil
}

func (m *largeMedia) isNamedBy(ctx context.Context, config driver.BlobRef) (bool, error) {
	m.mu.Lock()
	named, known := m.known[config.ID]
	m.mu.Unlock()
	if known {
		return named, nil
	}
	data, err := m.repo.Blobs(ctx, []driver.BlobRef{config})
	if err != nil {
		return false, err
	}
	named = isLargeMedia(lfsURL(string(data[0])), m.url)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[config.ID] = named
	return named, nil
}

// isLargeMedia says whether an address is that of Netlify's Large Media, or of the one
// that the site was configured with.
func isLargeMedia(url, configured string) bool {
	origin := strings.ToLower(rest.Origin(url))
	_, host, _ := strings.Cut(origin, "://")
	host, _, _ = strings.Cut(host, ":")
	return host != "" && (strings.HasSuffix(host, ".netlify.com") || strings.HasSuffix(host, ".netlify.app") ||
		strings.TrimRight(url, "/") == configured)
}
