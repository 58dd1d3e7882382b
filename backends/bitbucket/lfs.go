package bitbucket

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/lfs"
)

// publicLFS is where Bitbucket Cloud keeps large files, which is not a part of its API.
const publicLFS = "https://bitbucket.org"

// newLFS makes the client of a repository's large files. Before a server of one's own,
// they are where the API is.
func newLFS(cfg Config, env Env, a *api) *lfs.Client {
	root := strings.TrimRight(cfg.LFSRoot, "/")
	if root == "" {
		origin := publicLFS
		if a.Root != DefaultRoot {
			origin = rest.Origin(a.Root)
		}
		workspace, slug, _ := cutRepo(cfg.Repo)
		root = origin + rest.Path(workspace, slug, "info", "lfs")
	}
	return &lfs.Client{
		Host: "Bitbucket", Root: root, Server: a.Doer, Store: lfs.NewStore("Bitbucket", env.Doer, env.Govern), Header: a.header,
	}
}

// UploadLFS implements driver.LFSStore.
// https://support.atlassian.com/bitbucket-cloud/docs/manage-large-files-with-git-large-file-storage-lfs/
func (r *Repo) UploadLFS(ctx context.Context, files []driver.LFSFile) error {
	return r.lfs.Upload(ctx, files)
}

// DownloadLFS implements driver.LFSReader. Who asks has mostly read the pointer before,
// for which the large file had to come.
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	if file := r.large.get(p.OID); file != nil {
		if right, err := p.Matches(ctx, file); err != nil || right {
			return file, err
		}
	}
	return r.lfs.Download(ctx, p, from.Path)
}

// pointer is what Git has of a file that Git LFS keeps. Bitbucket shows the large file in
// its place, which tells the pointer; it passes by reference.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
func (r *Repo) pointer(ctx context.Context, p place) ([]byte, error) {
	res, err := r.api.fetch(ctx, r.filePath(p), true)
	if err != nil {
		return nil, r.named(err, noFile().Error())
	}
	file := res.Whole()
	oid, err := file.SHA256(ctx)
	if err != nil {
		return nil, err
	}
	r.large.note(oid, file)
	return []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + oid +
		"\nsize " + strconv.FormatInt(file.Size(), 10) + "\n"), nil
}

// isPointer says whether a file is a pointer of Git LFS.
func isPointer(data []byte) bool {
	return strings.HasPrefix(string(data[:min(len(data), 64)]), "version https://git-lfs")
}

const (
	// keptLarge is how many large files are remembered, which in browsers are references,
	keptLarge = 8
	// keptLargeBytes how many bytes they may have together.
	keptLargeBytes = 32 << 20
)

// largeMemo remembers the large files that were read last, by id.
type largeMemo struct {
	mu   sync.Mutex
	kept []largeFile // oldest first
}

type largeFile struct {
	oid  string
	file content.Content
}

func (m *largeMemo) note(oid string, file content.Content) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append(m.kept[:len(m.kept):len(m.kept)], largeFile{oid, file})
	size := int64(0)
	for i := len(m.kept) - 1; i >= 0; i-- {
		if size += m.kept[i].file.Size(); size > keptLargeBytes || len(m.kept)-i > keptLarge {
			m.kept = m.kept[i+1:]
			return
		}
	}
}

func (m *largeMemo) get(oid string) content.Content {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.kept {
		if k.oid == oid {
			return k.file
		}
	}
	return nil
}
