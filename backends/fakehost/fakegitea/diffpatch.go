package fakegitea

import (
	"bytes"
	"io/fs"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// applyPatch: POST …/diffpatch (services/repository/files/patch.go): what "git apply"
// makes of a patch. All that Git does not take is a 500. Files don't go to Git LFS.
func applyPatch(c *call) (*answer, error) {
	var in struct {
		fileOptions
		Content, SHA string
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if c.offers.forgejo {
		if err := required("SHA", in.SHA); err != nil {
			return nil, err
		}
	}
	if err := c.enterBranch(&in.fileOptions); err != nil {
		return nil, err
	}
	base, err := c.branchHead(in.fileOptions)
	if err != nil {
		return nil, err
	}
	if err := c.checkTarget(in.fileOptions); err != nil {
		return nil, err
	}
	changes, err := c.patched(base, in.Content)
	if err != nil {
		return nil, err
	}
	root, err := c.repo.WriteTree(base, changes)
	if err != nil {
		return nil, internal()
	}
	made, err := c.commitTree(base, root, in.fileOptions)
	if err != nil {
		return nil, err
	}
	commit, err := c.repo.CommitByID(made)
	if err != nil {
		return nil, err
	}
	return created(obj{"content": nil, "commit": c.fileCommitJSON(commit), "verification": verificationJSON()})
}

// patched are the changes that a patch makes of a commit's files: those that go first.
func (c *call) patched(base plumbing.Hash, patch string) ([]fakehost.Change, error) {
	files, _, err := gitdiff.Parse(strings.NewReader(patch))
	if err != nil || len(files) == 0 {
		return nil, internal()
	}
	root, err := c.repo.TreeOf(base)
	if err != nil {
		return nil, err
	}
	var goes, comes []fakehost.Change
	for _, f := range files {
		old, content := fakehost.Entry{}, []byte{}
		if !f.IsNew {
			var found bool
			if old, found = c.repo.EntryAt(root, f.OldName); !found || !isPatchOf(f, old) {
				return nil, internal()
			}
			if content, err = c.repo.Blob(old.ID); err != nil {
				return nil, err
			}
		}
		if f.IsDelete || f.IsRename {
			goes = append(goes, fakehost.Change{Path: f.OldName, Delete: true})
		}
		if f.IsDelete {
			continue
		}
		if content, err = c.patchedContent(f, content); err != nil {
			return nil, err
		}
		comes = append(comes, fakehost.Change{Path: f.NewName, Content: content, Mode: patchedMode(f, old)})
	}
	return append(goes, comes...), nil
}

// isPatchOf says whether a file is the one that a patch was made of. Git looks at
// the id of a binary one alone.
func isPatchOf(f *gitdiff.File, old fakehost.Entry) bool {
	return old.Type() != "tree" && (!f.IsBinary || f.OldOIDPrefix == old.ID.String())
}

// patchedContent is what a patch makes of a file. Git takes no binary patch without
// whole ids, believes only a result that has the new one, and does not look into the
// patch if it has that object already.
func (c *call) patchedContent(f *gitdiff.File, old []byte) ([]byte, error) {
	if f.IsBinary {
		if len(f.NewOIDPrefix) != len(plumbing.ZeroHash.String()) {
			return nil, internal()
		}
		if known, err := c.repo.Blob(plumbing.NewHash(f.NewOIDPrefix)); err == nil {
			return known, nil
		}
	}
	var out bytes.Buffer
	if err := gitdiff.Apply(&out, bytes.NewReader(old), f); err != nil {
		return nil, internal()
	}
	if f.IsBinary && plumbing.ComputeHash(plumbing.BlobObject, out.Bytes()).String() != f.NewOIDPrefix {
		return nil, internal()
	}
	return out.Bytes(), nil
}

func patchedMode(f *gitdiff.File, old fakehost.Entry) filemode.FileMode {
	if f.NewMode != 0 {
		return gitMode(f.NewMode)
	}
	return old.Mode
}

// gitMode reads the mode of a patch's header, whose octal digits are Git's own.
func gitMode(m fs.FileMode) filemode.FileMode { return filemode.FileMode(m) }
