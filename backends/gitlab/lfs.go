package gitlab

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/sha256"
)

// DownloadLFS implements driver.LFSReader. GitLab itself stores what .gitattributes says
// to keep in Git LFS, in every commit that is made through its API.
// https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) ([]byte, error) {
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: r.filePath(from) + rest.Query("ref", from.Commit, "lfs", "true")})
	if err != nil {
		return nil, at(r.named(err, "There is no such file in the project's Git LFS storage."), from.Path)
	}
	if int64(len(res.Body)) != p.Size || sha256.Hex(res.Body) != p.OID {
		return nil, at(cmserr.New(cmserr.NotFound, "GitLab's LFS storage has not the file that was asked for. "+
			"It may never have been pushed there: push it with `git lfs push --all`."), from.Path)
	}
	return res.Body, nil
}
