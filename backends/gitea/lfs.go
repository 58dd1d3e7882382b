package gitea

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/sha256"
)

// DownloadLFS implements driver.LFSReader. Pointers are made by the server, which keeps
// what .gitattributes says in Git LFS.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetRawFileOrLFS
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) ([]byte, error) {
	data, err := r.raw(ctx, "media", from)
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) != p.Size || sha256.Hex(data) != p.OID:
		return nil, at(cmserr.New(cmserr.Network, "The server has not the large file that belongs here, or sent only a part "+
			"of it. Push it to the server's Git LFS storage, or try again."), from.Path)
	}
	return data, nil
}
