package backends

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// Git LFS keeps a large file beside the repository; what Git itself holds is a text
// that points to it.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md

const (
	lfsVersion  = "version https://git-lfs.github.com/spec/v1"
	lfsHash     = "oid sha256:"
	pointerSize = 1024 // every pointer is shorter
	atOnceLarge = 4    // large files that a listing reads at the same time
)

// pointerTo is the pointer that stands for a file.
func pointerTo(ctx context.Context, file content.Content) (driver.LFSPointer, error) {
	oid, err := file.SHA256(ctx)
	return driver.LFSPointer{OID: oid, Size: file.Size()}, err
}

// formatPointer is the text that Git holds.
func formatPointer(p driver.LFSPointer) []byte {
	return []byte(lfsVersion + "\n" + lfsHash + p.OID + "\nsize " + strconv.FormatInt(p.Size, 10) + "\n")
}

// parsePointer reads such a text. After the version its keys are sorted, and each is
// there once.
func parsePointer(data []byte) (p driver.LFSPointer, ok bool) {
	if len(data) >= pointerSize || !strings.HasPrefix(string(data), lfsVersion+"\n") {
		return p, false
	}
	p.Size = -1
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	last := ""
	for _, line := range lines[1:] {
		key, value, _ := strings.Cut(line, " ")
		if key <= last || value == "" {
			return p, false
		}
		last = key
		switch key {
		case "oid":
			p.OID, ok = strings.CutPrefix(line, lfsHash)
			if !ok || len(p.OID) != 64 || strings.Trim(p.OID, "0123456789abcdef") != "" {
				return p, false
			}
		case "size":
			size, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				return p, false
			}
			p.Size = int64(size)
		}
	}
	return p, p.OID != "" && p.Size >= 0
}

// pointers remembers which blobs were found to be pointers, and where.
type pointers struct {
	mu    sync.Mutex
	known map[string]bool
}

func (p *pointers) add(ref driver.BlobRef) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]bool{}
	}
	p.known[ref.ID+":"+ref.Path] = true
}

func (p *pointers) has(e driver.TreeEntry) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[e.ID+":"+e.Path]
}

// largeText is large for who needs it in memory.
func (r *Repository) largeText(ctx context.Context, ref driver.BlobRef, data []byte) ([]byte, error) {
	file, err := r.large(ctx, ref, data)
	if err != nil {
		return nil, err
	}
	return file.Bytes(ctx)
}

// large is the file that a blob points to, or the blob itself if it is no pointer.
func (r *Repository) large(ctx context.Context, ref driver.BlobRef, data []byte) (content.Content, error) {
	p, ok := parsePointer(data)
	if !ok {
		return content.Bytes(data), nil
	}
	r.pointers.add(ref)
	reader, ok := r.d.(driver.LFSReader)
	if !ok {
		e := cmserr.New(cmserr.Unsupported, "The file "+quote(ref.Path)+" is kept in Git LFS, from which it can't be "+
			"read on this host.")
		e.Path = ref.Path
		return nil, e
	}
	return reader.DownloadLFS(ctx, p, ref)
}

// upload stores large files before the pointers to them are committed.
func (r *Repository) upload(ctx context.Context, files []driver.LFSFile) error {
	if len(files) == 0 {
		return nil
	}
	store, ok := r.d.(driver.LFSStore)
	if !ok {
		e := cmserr.New(cmserr.Unsupported, "`.gitattributes` says that "+quote(files[0].Path)+" is kept in Git LFS, to "+
			"which nothing can be written on this host. Nothing was saved. Commit the file with Git, or keep it elsewhere.")
		e.Path = files[0].Path
		return e
	}
	return store.UploadLFS(ctx, files)
}

// showLarge puts the files that entries point to in the pointers' place. An entry
// whose file can't be had shows its pointer: one of them must not hide all others.
func (r *Repository) showLarge(ctx context.Context, refs []driver.BlobRef, data [][]byte) error {
	if _, ok := r.d.(driver.LFSReader); !ok {
		return nil
	}
	errs := make([]error, len(refs))
	slots := make(chan struct{}, atOnceLarge)
	var wg sync.WaitGroup
	for i, ref := range refs {
		if _, ok := parsePointer(data[i]); !ok {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			errs[i] = guarded(func() error {
				file, err := r.largeText(ctx, ref, data[i])
				if err == nil {
					data[i] = file
				}
				return err
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		if cmserr.Is(err, cmserr.Canceled) {
			return err
		}
		if err != nil {
			r.report(err)
			return nil
		}
	}
	return nil
}
