package backends

import (
	"context"
	"strings"

	"mooring/backends/driver"
)

// pullFiles lists what pull requests change. Between two commits that never changes,
// so the store keeps it, as it keeps blobs: of a board that was seen before only what
// is new is asked for.
func (w *workflowRepository) pullFiles(ctx context.Context, host driver.PullFiler, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	files := w.blobs.storedDiffs(ctx, pulls)
	var unknown []driver.Pull
	var at []int
	for i, p := range pulls {
		if files[i] == nil {
			unknown, at = append(unknown, p), append(at, i)
		}
	}
	if len(unknown) == 0 {
		return files, nil
	}
	listed, err := host.PullFiles(ctx, unknown)
	if err != nil {
		return nil, err
	}
	for n, i := range at {
		files[i] = listed[n]
	}
	w.blobs.putDiffs(ctx, unknown, listed)
	return files, nil
}

// diffName is what the store calls what a pull request changes, "" if it can't say
// between which commits.
func (b *blobs) diffName(p driver.Pull) string {
	if p.MergeBase == "" || p.HeadCommit == "" {
		return ""
	}
	return b.owner + p.MergeBase + ".." + p.HeadCommit
}

// storedDiffs is what the store has of pull requests: nil for those it does not know.
func (b *blobs) storedDiffs(ctx context.Context, pulls []driver.Pull) [][]driver.FileDiff {
	files := make([][]driver.FileDiff, len(pulls))
	if b.store == nil {
		return files
	}
	var names []string
	for _, p := range pulls {
		if name := b.diffName(p); name != "" {
			names = append(names, name)
		}
	}
	found, err := b.store.Get(ctx, names)
	if err != nil {
		return files
	}
	for i, p := range pulls {
		if data, ok := found[b.diffName(p)]; ok {
			files[i] = parseDiffs(string(data))
		}
	}
	return files
}

func (b *blobs) putDiffs(ctx context.Context, pulls []driver.Pull, files [][]driver.FileDiff) {
	if b.store == nil {
		return
	}
	fresh := map[string][]byte{}
	for i, p := range pulls {
		if name := b.diffName(p); name != "" && len(files[i]) > 0 {
			fresh[name] = formatDiffs(files[i])
		}
	}
	if len(fresh) > 0 {
		_ = b.store.Put(ctx, fresh) // it will be asked for again
	}
}

// diffStatuses are the letters that Git has for them.
const diffStatuses = "AMDR"

// formatDiffs writes each file as five fields, each with a NUL byte at its end.
func formatDiffs(files []driver.FileDiff) []byte {
	var b strings.Builder
	for _, f := range files {
		for _, field := range []string{diffStatuses[f.Status : f.Status+1], f.ID, f.OldID, f.Path, f.OldPath} {
			b.WriteString(field)
			b.WriteByte(0)
		}
	}
	return []byte(b.String())
}

// parseDiffs reads what formatDiffs wrote: nil for anything else.
func parseDiffs(s string) []driver.FileDiff {
	fields := strings.Split(s, "\x00")
	if len(fields)%5 != 1 || fields[len(fields)-1] != "" {
		return nil
	}
	var files []driver.FileDiff
	for i := 0; i+5 < len(fields); i += 5 {
		status := strings.Index(diffStatuses, fields[i])
		if len(fields[i]) != 1 || status < 0 {
			return nil
		}
		files = append(files, driver.FileDiff{
			Status: driver.DiffStatus(status), ID: fields[i+1], OldID: fields[i+2], Path: fields[i+3], OldPath: fields[i+4],
		})
	}
	return files
}
