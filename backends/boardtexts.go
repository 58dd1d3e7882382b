package backends

import (
	"context"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"mooring/backends/cms"
	"mooring/backends/driver"
)

// entryFormats are the ends of the names of files in which the CMS keeps entries.
const entryFormats = " .md .markdown .html .yml .yaml .toml .json "

// readTexts reads the entries of all drafts that were listed, for the CMS asks for each of
// them next. Any of another name, or that can't be read now, is read when it does.
func (w *workflowRepository) readTexts(ctx context.Context, cards []card) {
	refs := map[*Repository][]driver.BlobRef{} // some may be in forks
	for _, c := range cards {
		at := c.draft.at.Repository
		for _, f := range c.files {
			if f.ID != "" && strings.Contains(entryFormats, " "+path.Ext(f.Path)+" ") {
				refs[at] = append(refs[at], driver.BlobRef{ID: f.ID, Path: f.Path, Commit: c.draft.pull.HeadCommit})
			}
		}
	}
	var all sync.WaitGroup
	for at, refs := range refs {
		texts := map[string]string{}
		for i := range cards {
			if cards[i].draft.at.Repository == at {
				cards[i].texts = texts
			}
		}
		all.Go(func() {
			_ = guarded(func() error { return at.blobs.readTexts(ctx, refs, texts) }) // it is read again
		})
	}
	all.Wait()
}

// readTexts adds what is text as it is, and no pointer to a large file, by id.
func (b *blobs) readTexts(ctx context.Context, refs []driver.BlobRef, into map[string]string) error {
	data, err := b.read(ctx, refs)
	if err != nil {
		return err
	}
	for i, ref := range refs {
		if _, points := parsePointer(data[i]); !points && utf8.Valid(data[i]) {
			into[ref.ID] = string(data[i])
		}
	}
	return nil
}

// withTexts adds what files of a draft hold. The editor may have it before them from now on.
func (w *workflowRepository) withTexts(d cms.Draft, texts map[string]string) cms.Draft {
	for i, f := range d.Diffs {
		if text, ok := texts[f.ID]; ok {
			d.Diffs[i].Text = &text
			w.versions.note(spaceOf(d.Key), f.Path, f.ID, text)
		}
	}
	return d
}
