package backends

import (
	"context"
	"strings"

	"mooring/backends/blobstore"
	"mooring/backends/driver"
)

// blobs reads content, from the store where it can. A broken store is as good as
// an empty one.
type blobs struct {
	d     driver.Driver
	store blobstore.Store
	owner string // begins the names of blobs in the store
	gathering
}

// ownerOf tells whose blobs are whose in a store that several repositories share:
// what one holds is not for who may only read another, though the id were the same.
func ownerOf(host string, cfg Config) string {
	if root := cfg.APIRoot + cfg.Gateway.URL; root != "" {
		host += "@" + root
	}
	return host + ":" + cfg.Repo + ":"
}

// read reads many blobs, in the order asked for, with at most one call to the host.
func (b *blobs) read(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	have := b.stored(ctx, refs)
	var missing []driver.BlobRef
	asked := map[string]int{}
	for _, ref := range refs {
		name := blobName(ref)
		if _, ok := have[name]; ok {
			continue
		}
		if _, ok := asked[name]; !ok {
			asked[name] = len(missing)
			missing = append(missing, ref)
		}
	}
	if len(missing) > 0 {
		data, err := b.d.Blobs(ctx, missing)
		if err != nil {
			return nil, err
		}
		for i, ref := range missing {
			have[blobName(ref)] = data[i]
		}
		b.put(ctx, missing, data)
	}
	out := make([][]byte, len(refs))
	for i, ref := range refs {
		out[i] = have[blobName(ref)]
	}
	return out, nil
}

// blobName tells blobs apart, on hosts without blob ids too.
func blobName(ref driver.BlobRef) string {
	if ref.ID != "" {
		return ref.ID
	}
	return ref.Commit + ":" + ref.Path
}

func (b *blobs) stored(ctx context.Context, refs []driver.BlobRef) map[string][]byte {
	have := map[string][]byte{}
	if b.store == nil {
		return have
	}
	names := make([]string, 0, len(refs))
	for _, ref := range refs {
		if ref.ID != "" {
			names = append(names, b.owner+ref.ID)
		}
	}
	if len(names) == 0 {
		return have
	}
	if found, err := b.store.Get(ctx, names); err == nil {
		for name, data := range found {
			have[strings.TrimPrefix(name, b.owner)] = data
		}
	}
	return have
}

func (b *blobs) put(ctx context.Context, refs []driver.BlobRef, data [][]byte) {
	if b.store == nil {
		return
	}
	fresh := map[string][]byte{}
	for i, ref := range refs {
		if ref.ID != "" {
			fresh[b.owner+ref.ID] = data[i]
		}
	}
	if len(fresh) > 0 {
		_ = b.store.Put(ctx, fresh) // it will be fetched again
	}
}

func (b *blobs) clear(ctx context.Context) error {
	if b.store == nil {
		return nil
	}
	return b.store.Clear(ctx)
}

// refs names the blobs of tree entries at a commit.
func refs(commit string, entries []driver.TreeEntry) []driver.BlobRef {
	out := make([]driver.BlobRef, len(entries))
	for i, e := range entries {
		out[i] = driver.BlobRef{ID: e.ID, Path: e.Path, Commit: commit}
	}
	return out
}
