package github

import (
	"context"
	"encoding/base64"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/lfs"
)

// DownloadLFS implements driver.LFSStore. GitHub's contents API knows an address
// that needs no credential and may be read from web pages, which its LFS endpoint
// may not; that one is for servers where the first has none.
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	file, err := r.downloadContent(ctx, from)
	if err == nil {
		if right, err := p.Matches(ctx, file); err == nil && right {
			return file, nil
		}
	}
	client, err := r.lfs(ctx)
	if err != nil {
		return nil, at(err, from.Path)
	}
	return client.Download(ctx, p, from.Path)
}

// downloadContent reads a file at the address that the contents API gives for it, where
// no credential of ours may go.
// https://docs.github.com/en/rest/repos/contents#get-repository-content
func (r *Repo) downloadContent(ctx context.Context, from driver.BlobRef) (content.Content, error) {
	v, err := r.api.Get(ctx, r.path("contents", rest.EscapePath(from.Path))+rest.Query("ref", from.Commit))
	if err != nil {
		return nil, err
	}
	url := v.Get("download_url").String()
	if url == "" {
		return nil, misshapen("address of the file")
	}
	res, err := r.api.outside.Do(ctx, &rest.Request{Method: "GET", URL: url, Refer: true})
	if err == nil && !res.OK() {
		err = cmserr.New(rest.KindOf(res.Status), rest.Origin(url)+" does not give the file.")
	}
	if err != nil {
		return nil, err
	}
	return res.Whole(), nil
}

// UploadLFS implements driver.LFSStore.
func (r *Repo) UploadLFS(ctx context.Context, files []driver.LFSFile) error {
	client, err := r.lfs(ctx)
	if err != nil {
		return at(err, files[0].Path)
	}
	return unreachable(client.Upload(ctx, files), client.Root)
}

// lfs is the client of the repository's LFS endpoint, which is not a part of the API.
func (r *Repo) lfs(ctx context.Context) (*lfs.Client, error) {
	f, err := r.known(ctx)
	if err != nil {
		return nil, err
	}
	return &lfs.Client{
		Host: "GitHub", Root: strings.TrimSuffix(f.clone, ".git") + ".git/info/lfs",
		// GitHub.com's can't be reached from web pages: there's no use in trying it again.
		Server: r.api.outside, Store: r.api.large, Header: r.lfsHeader,
	}, nil
}

func (r *Repo) lfsHeader(ctx context.Context) (rest.Header, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return nil, err
	}
	return rest.Header{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+token))}, nil
}

// unreachable explains what is in the way on GitHub.com: its LFS endpoint allows no
// requests from web pages.
func unreachable(err error, root string) error {
	e := cmserr.From(err)
	if err == nil || e.Kind != cmserr.Network || e.Status != 0 {
		return err
	}
	out := cmserr.Wrap(cmserr.Unsupported, err, "The file belongs to Git LFS, and the LFS storage at "+rest.Origin(root)+
		" can't be reached from here: it answers no requests of web pages (CORS). Nothing was saved. "+
		"Add the file with Git, or edit through a proxy or Worker of your own.")
	out.Path = e.Path
	return out
}
