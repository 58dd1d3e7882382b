package proxy

import (
	"cmp"
	"context"
	"path"
	"strings"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// The servers answer before a move is done; this is how long to wait for it.
const (
	moveTries = 10
	movePause = 50 * time.Millisecond
)

// save is one PersistEntry under way.
type save struct {
	files  []cms.DataFile
	assets []asset
	o      cms.PersistOptions
	key    cms.Key // of the draft, with the workflow
	branch string  // where the files are: the branch that is edited, or the draft's
	sent   bool    // the server is asked to move the only file
}

// PersistEntry saves an entry; in git mode in one commit, or two if a file moves.
//
// The servers' own move takes all files of the folder along, is not waited for
// and misses the commit. So it is used only for a page called index or _index
// outside the workflow, whose folder is the page: that move is waited for, and
// the page saved once more, which commits it. Every other file is saved under its
// new path and then deleted at the old one; in a draft of such a page the rest of
// its folder stays where it is.
//
// The servers refuse an empty text: that is an Invalid error.
func (c *Client) PersistEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	at := ""
	if len(e.Files) > 0 {
		at = e.Files[0].Path
	}
	return c.do(ctx, actPersist, at, func() error {
		s, err := c.prepare(ctx, e, o)
		if err != nil {
			return err
		}
		if o.UseWorkflow {
			err = c.guardDraft(ctx, s)
		} else {
			err = c.guard(ctx, s)
		}
		if err != nil {
			return err
		}
		return c.write(ctx, s)
	})
}

// prepare checks what the servers would refuse less clearly.
func (c *Client) prepare(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) (*save, error) {
	if len(e.Files) == 0 {
		return nil, invalid("", "There is no file to save.")
	}
	for _, f := range e.Files {
		if f.Raw == "" {
			return nil, invalid(f.Path, "A proxy server stores no empty text file. Fill in a field, then save again.")
		}
	}
	assets, err := readAssets(ctx, e.Assets)
	if err != nil {
		return nil, err
	}
	s := &save{files: e.Files, assets: assets, o: o, branch: c.o.Branch}
	if o.UseWorkflow {
		s.key = cms.Key{Collection: o.Collection, Slug: e.Files[0].Slug}
		if s.key.Collection == "" || s.key.Slug == "" {
			return nil, invalid(e.Files[0].Path, "A draft needs the name of its collection and a slug.")
		}
		s.branch = draftBranch(s.key)
	}
	s.sent = len(s.files) == 1 && !o.UseWorkflow && movesFolder(s.files[0])
	return s, nil
}

// movesFolder says whether the file is a page whose folder moves along. A folder
// can't move into itself: the server would take the moved page along again.
func movesFolder(f cms.DataFile) bool {
	if !f.Moves() {
		return false
	}
	from, to := path.Dir(f.Path), path.Dir(f.NewPath)
	name, _, _ := strings.Cut(path.Base(f.Path), ".")
	inside := from == "." || from == to || strings.HasPrefix(to, from+"/")
	return (name == "index" || name == "_index") && !inside
}

// paths are all paths that the save reads or changes.
func (s *save) paths() (paths []string) {
	for _, f := range s.files {
		paths = append(paths, f.Path)
		if f.Moves() {
			paths = append(paths, f.NewPath)
		}
	}
	return paths
}

// state is a file as it is now.
type state struct {
	text   string
	exists bool
}

// states reads files of a branch.
func (c *Client) states(ctx context.Context, branch string, paths []string) (map[string]state, error) {
	files := make([]cms.File, len(paths))
	for i, p := range paths {
		files[i].Path = p
	}
	all, err := c.files(ctx, branch, files)
	if err != nil {
		return nil, err
	}
	now := make(map[string]state, len(all))
	for i, e := range all {
		now[paths[i]] = state{e.Data, e.exists}
	}
	return now, nil
}

// guard refuses a save that would overwrite what the editor has not seen.
func (c *Client) guard(ctx context.Context, s *save) error {
	now, err := c.states(ctx, c.o.Branch, s.paths())
	if err != nil {
		return err
	}
	if err := c.guardTargets(s, c.o.Branch, now); err != nil {
		return err
	}
	if s.o.NewEntry {
		return nil
	}
	var changed []string
	for _, f := range s.files {
		n, is := c.noted(c.o.Branch, f.Path), now[f.Path]
		if n != nil && !n.holds(is.text, is.exists) {
			changed = append(changed, f.Path)
		}
	}
	return changedSince(changed)
}

// guardTargets refuses to create a file where there is one. What an earlier try
// of the same save left there, its answer being lost, is no obstacle.
func (c *Client) guardTargets(s *save, branch string, now map[string]state) error {
	var taken []string
	for _, f := range s.files {
		if !s.o.NewEntry && !f.Moves() {
			continue
		}
		target := f.Target()
		if is := now[target]; is.exists && !c.noted(branch, target).sent(is.text) {
			taken = append(taken, target)
		}
	}
	if len(taken) == 0 {
		return nil
	}
	return conflict(taken, strings.Join(taken, ", ")+" exists already. Choose another title or path, then save again.")
}

func changedSince(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	return conflict(paths, strings.Join(paths, ", ")+" was changed by someone else since you opened it. "+
		"Copy your text, reload the entry and save again.")
}

// write sends the save, and sees moves through.
func (c *Client) write(ctx context.Context, s *save) error {
	for _, f := range s.files {
		c.noteSending(s.branch, f.Target(), f.Raw)
	}
	if err := c.send(ctx, s); err != nil {
		return err
	}
	for _, f := range s.files {
		c.noteRead(s.branch, f.Target(), f.Raw, true)
	}
	if !s.sent {
		return c.deleteMoved(ctx, s)
	}
	if err := c.awaitMove(ctx, s); err != nil {
		return err
	}
	s.sent = false
	return c.send(ctx, s)
}

func (c *Client) send(ctx context.Context, s *save) error {
	return c.done(ctx, c.o.Branch, actPersist, func(j *rest.JSON) { s.encode(j, c.o.CMSLabelPrefix) })
}

func (s *save) encode(j *rest.JSON, labelPrefix string) {
	j.FieldIf("cmsLabelPrefix", labelPrefix)
	j.Key("dataFiles").Array()
	for _, f := range s.files {
		j.Object().Field("slug", cmp.Or(f.Slug, path.Base(f.Path))).Field("raw", f.Raw)
		if s.sent {
			j.Field("path", f.Path).Field("newPath", f.NewPath)
		} else {
			j.Field("path", f.Target())
		}
		j.EndObject()
	}
	j.EndArray().Key("assets").Array()
	for _, a := range s.assets {
		writeAsset(j, a)
	}
	j.EndArray().Key("options").Object().
		FieldIf("collectionName", s.o.Collection).
		Field("commitMessage", cmp.Or(s.o.Message, "Save "+s.files[0].Target())).
		Key("useWorkflow").Bool(s.o.UseWorkflow).
		Field("status", cmp.Or(s.o.Status, cms.StatusDraft)).EndObject()
}

// awaitMove waits until the server's move is done.
func (c *Client) awaitMove(ctx context.Context, s *save) error {
	f := s.files[0]
	for try := range moveTries {
		if try > 0 {
			if err := c.sleep(ctx, movePause); err != nil {
				return err
			}
		}
		now, err := c.states(ctx, s.branch, []string{f.Path, f.NewPath})
		if err != nil {
			return err
		}
		if now[f.NewPath].exists && now[f.NewPath].text == f.Raw && !now[f.Path].exists {
			delete(c.notes, noteKey{s.branch, f.Path})
			return nil
		}
	}
	return &cmserr.Error{Kind: cmserr.Unknown, Path: f.NewPath, Msg: "The proxy server at " + c.origin() +
		" took the save, but did not move " + f.Path + " to " + f.NewPath +
		". Check both in the repository before you go on."}
}

// deleteMoved deletes what was saved under another path.
func (c *Client) deleteMoved(ctx context.Context, s *save) error {
	kept := map[string]bool{}
	for _, f := range s.files {
		kept[f.Target()] = true
	}
	var old []string
	for _, f := range s.files {
		if f.Moves() && !kept[f.Path] {
			old = append(old, f.Path)
		}
	}
	if len(old) == 0 {
		return nil
	}
	if err := c.deleteOn(ctx, s.branch, old, s.o.Message); err != nil {
		e := *cmserr.From(err)
		e.Paths, e.Err = old, err
		e.Msg = "The entry was saved under its new path, but " + strings.Join(old, ", ") +
			" could not be deleted: both copies exist now. Delete the old one by hand. " + cmserr.From(err).Message()
		return &e
	}
	for _, p := range old {
		delete(c.notes, noteKey{s.branch, p})
	}
	return nil
}
