package forge

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// record notes a commit. The lock is held.
func (f *Forge) record(ctx context.Context, commit string, by driver.LastChange, parents ...string) error {
	entries, err := f.Repo.Tree(ctx, commit, "", true)
	if err != nil {
		return err
	}
	files := make(map[string]string, len(entries))
	for _, e := range entries {
		if e.IsFile() {
			files[e.Path] = e.ID
		}
	}
	f.history[commit] = record{parents: parents, by: by, files: files}
	return nil
}

// LastChanges implements driver.MetadataReader. As git log does, it follows a parent
// that has the same file.
func (v *View) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	if err := v.call(ctx, "LastChanges"); err != nil {
		return nil, err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	found := make([]driver.LastChange, len(paths))
	for i, path := range paths {
		at, err := v.f.lastChange(ctx, commit, path)
		if err != nil {
			return nil, err
		}
		found[i] = at
	}
	return found, nil
}

func (f *Forge) lastChange(ctx context.Context, commit, path string) (driver.LastChange, error) {
	for {
		c, err := f.recorded(ctx, commit)
		if err != nil {
			return driver.LastChange{}, err
		}
		same := ""
		for _, parent := range c.parents {
			p, err := f.recorded(ctx, parent)
			if err != nil {
				return driver.LastChange{}, err
			}
			if same == "" && p.files[path] == c.files[path] {
				same = parent
			}
		}
		switch {
		case same != "":
			commit = same
		case len(c.parents) == 0 && c.files[path] == "":
			return driver.LastChange{}, nil
		default:
			return c.by, nil
		}
	}
}

// recorded is what is known of a commit. One that was not made here is the first.
func (f *Forge) recorded(ctx context.Context, commit string) (record, error) {
	if _, ok := f.history[commit]; !ok {
		if err := f.record(ctx, commit, driver.LastChange{Author: "test", Date: f.now()}); err != nil {
			return record{}, err
		}
	}
	return f.history[commit], nil
}

// DownloadLFS implements driver.LFSStore.
func (v *View) DownloadLFS(ctx context.Context, p driver.LFSPointer, at driver.BlobRef) (content.Content, error) {
	if err := v.call(ctx, "DownloadLFS"); err != nil {
		return nil, err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	data, ok := v.f.large[p.OID]
	if !ok || int64(len(data)) != p.Size {
		e := cmserr.New(cmserr.NotFound, "The large file '"+at.Path+"' is not in the store.")
		e.Path = at.Path
		return nil, e
	}
	return content.Bytes(data), nil
}

// UploadLFS implements driver.LFSStore.
func (v *View) UploadLFS(ctx context.Context, files []driver.LFSFile) error {
	return v.change(ctx, "UploadLFS", func() error {
		if v.f.ReadOnlyLFS != "" {
			return cmserr.New(cmserr.Unsupported, v.f.ReadOnlyLFS)
		}
		for _, file := range files {
			if right, err := file.Matches(ctx, file.Content); err != nil || !right {
				return cmserr.New(cmserr.Invalid, "The file '"+file.Path+"' is not what its pointer says.")
			}
		}
		for _, file := range files {
			data, err := file.Content.Bytes(ctx)
			if err != nil {
				return err
			}
			v.f.large[file.OID] = data
		}
		return nil
	})
}

// Names implements driver.Namer.
func (v *View) Names(ctx context.Context, logins []string) ([]string, error) {
	if err := v.call(ctx, "Names"); err != nil {
		return nil, err
	}
	names := make([]string, len(logins))
	for i, login := range logins {
		if names[i] = v.f.People[login]; names[i] == "" {
			names[i] = login
		}
	}
	return names, nil
}

// ServiceStatus implements driver.ServiceStatuser.
func (v *View) ServiceStatus(ctx context.Context) (driver.ServiceStatus, error) {
	if err := v.call(ctx, "ServiceStatus"); err != nil {
		return driver.ServiceStatus{}, err
	}
	if v.f.Status == nil {
		return driver.ServiceStatus{}, cmserr.New(cmserr.Network, "The status page does not answer.")
	}
	return *v.f.Status, nil
}
