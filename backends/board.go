package backends

import (
	"context"
	"sync"

	"mooring/backends/cms"
	"mooring/backends/driver"
)

// board remembers what the CMS was told of drafts. It asks for the list of all, then
// for each draft on it, then for each one's text: what one answer knows already
// serves the next question.
type board struct {
	mu    sync.Mutex
	cards map[cms.Key]card // listed, and not asked for yet
	told  map[cms.Key]told
}

// card is a draft as it was listed.
type card struct {
	draft draft
	files []driver.FileDiff
	texts map[string]string // by id, of the files of all drafts in that repository
	known bool              // files are those of the draft
	main  string            // otherwise, what to compare it with
}

// told is what the CMS was last told of a draft.
type told struct {
	draft draft
	ids   map[string]string // of the files that it changes, by path
}

func (b *board) list(cards []card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cards = map[cms.Key]card{}
	for _, c := range cards {
		b.cards[c.draft.key] = c
	}
}

// take answers once, so that nobody is told for long what was true when the drafts
// were listed.
func (b *board) take(key cms.Key) (card, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.cards[key]
	delete(b.cards, key)
	return c, ok
}

func (b *board) tell(d draft, files []driver.FileDiff) {
	t := told{draft: d, ids: map[string]string{}}
	for _, f := range files {
		if f.ID != "" {
			t.ids[f.Path] = f.ID
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.told == nil {
		b.told = map[cms.Key]told{}
	}
	b.told[d.key] = t
}

// blob is the one that was told of under this id, and where to read it.
func (b *board) blob(key cms.Key, path, id string) (home, driver.BlobRef, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.told[key]
	if !ok || id == "" || t.ids[path] != id {
		return home{}, driver.BlobRef{}, false
	}
	return t.draft.at, driver.BlobRef{ID: id, Path: path, Commit: t.draft.pull.HeadCommit}, true
}

// forget drops what was told of a draft that is about to change.
func (b *board) forget(key cms.Key) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.cards, key)
	delete(b.told, key)
}

func (b *board) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cards, b.told = nil, nil
}

// Drafts implements cms.Workflow.
func (w *workflowRepository) Drafts(ctx context.Context) ([]string, error) {
	drafts, err := w.desk().list(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := w.cards(ctx, drafts)
	if err != nil {
		return nil, err
	}
	w.readTexts(ctx, cards)
	w.names.learn(ctx, w.d, drafts)
	w.board.list(cards)
	list := make([]string, len(drafts))
	for i, d := range drafts {
		list[i] = d.key.String()
	}
	return list, nil
}

// cards finds out at once what all drafts change, where the host can tell.
func (w *workflowRepository) cards(ctx context.Context, drafts []draft) ([]card, error) {
	cards := make([]card, len(drafts))
	filer, files := w.d.(driver.PullFiler)
	var pulls []driver.Pull
	var at []int
	unknown := false
	for i, d := range drafts {
		cards[i].draft = d
		if files && d.pull.Number != 0 {
			pulls, at = append(pulls, d.pull), append(at, i)
		} else {
			unknown = true
		}
	}
	if len(pulls) > 0 {
		all, err := w.pullFiles(ctx, filer, pulls)
		if err != nil {
			return nil, err
		}
		for n, i := range at {
			cards[i].files, cards[i].known = all[n], true
		}
	}
	if !unknown {
		return cards, nil
	}
	main, err := w.head(ctx)
	for i := range cards {
		cards[i].main = main
	}
	return cards, err
}

// ListedDraft implements cms.DraftLister.
func (w *workflowRepository) ListedDraft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	c, ok := w.board.take(key)
	switch {
	case !ok:
		return w.Draft(ctx, key)
	case c.known:
		return w.withTexts(w.tell(c.draft, c.files), c.texts), nil
	}
	return w.compare(ctx, c.draft, c.main)
}

// Draft implements cms.Workflow.
func (w *workflowRepository) Draft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return cms.Draft{}, err
	}
	main, err := w.head(ctx)
	if err != nil {
		return cms.Draft{}, err
	}
	return w.compare(ctx, d, main)
}

func (w *workflowRepository) compare(ctx context.Context, d draft, main string) (cms.Draft, error) {
	cmp, err := d.at.host.Compare(ctx, main, d.pull.HeadCommit)
	if err != nil {
		return cms.Draft{}, err
	}
	return w.tell(d, cmp.Files), nil
}

func (w *workflowRepository) tell(d draft, files []driver.FileDiff) cms.Draft {
	w.board.tell(d, files)
	return w.describe(d, files)
}
