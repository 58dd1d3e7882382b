package gitea

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// DownloadLFS implements driver.LFSReader. Pointers are made by the server, which keeps
// what .gitattributes says in Git LFS.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetRawFileOrLFS
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	file, err := r.file(ctx, "media", from, true)
	if err != nil {
		return nil, err
	}
	right, err := p.Matches(ctx, file)
	switch {
	case err != nil:
		return nil, at(err, from.Path)
	case !right:
		return nil, at(cmserr.New(cmserr.Network, "The server has not the large file that belongs here, or sent only a part "+
			"of it. Push it to the server's Git LFS storage, or try again."), from.Path)
	}
	return file, nil
}
