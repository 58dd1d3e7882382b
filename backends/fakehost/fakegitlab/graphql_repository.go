package fakegitlab

import (
	"bytes"
	"context"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// repositoryNode is the type Repository.
type repositoryNode struct{ *projectNode }

func (*repositoryNode) TypeName() string { return "Repository" }

func (r *repositoryNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	empty := len(r.project.Refs(headsPrefix)) == 0
	switch name {
	case "empty":
		return empty, nil
	case "exists":
		return true, nil
	case "rootRef":
		return r.project.Info().DefaultBranch, nil
	case "tree":
		return r.tree(args.String("ref"), args.String("path"), args.Bool("recursive")), nil
	case "blobs":
		return r.blobs(args)
	}
	return nil, graphql.ErrNoField
}

// commit finds the commit of a ref; "head" is the default branch.
func (r *repositoryNode) commit(ref string) (plumbing.Hash, bool) {
	if ref == "head" {
		ref = ""
	}
	return r.at().commitAt(ref)
}

func (r *repositoryNode) tree(ref, folder string, recursive bool) *treeNode {
	t := &treeNode{repositoryNode: r, folder: folder, lists: map[string][]graphql.Object{}}
	id, found := r.commit(ref)
	if !found {
		return t
	}
	t.commit = id
	root, err := r.project.TreeOf(id)
	if err != nil {
		return t
	}
	t.entries, _ = r.at().entriesBelow(root, folder, recursive) // what isn't there has no entries
	return t
}

// blobs are the files of some paths. Those that aren't there are left out.
func (r *repositoryNode) blobs(args graphql.Args) (any, error) {
	ref := args.String("ref")
	id, found := r.commit(ref)
	var list []graphql.Object
	if found {
		root, err := r.project.TreeOf(id)
		if err != nil {
			return nil, err
		}
		for _, name := range args.Strings("paths") {
			if e, found := r.project.EntryAt(root, strings.Trim(name, "/")); found && e.Type() == "blob" && name != "" {
				list = append(list, &blobNode{repositoryNode: r, entry: e, ref: ref})
			}
		}
	}
	return graphql.Connect(list), nil
}

// treeNode is the type Tree.
type treeNode struct {
	*repositoryNode
	commit  plumbing.Hash
	folder  string
	entries []fakehost.Entry
	lists   map[string][]graphql.Object // what was asked for already, by kind
}

func (*treeNode) TypeName() string { return "Tree" }

func (t *treeNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "blobs":
		return t.list("blob", "Blob"), nil
	case "trees":
		return t.list("tree", "TreeEntry"), nil
	case "submodules":
		return t.list("commit", "Submodule"), nil
	case "lastCommit":
		return t.lastCommit(), nil
	}
	return nil, graphql.ErrNoField
}

// list has the entries of a kind. A query asks for it page by page, so it is kept.
func (t *treeNode) list(kind, typ string) graphql.Connection {
	if list, known := t.lists[kind]; known {
		return graphql.Connect(list)
	}
	var list []graphql.Object
	for _, e := range t.entries {
		if e.Type() != kind {
			continue
		}
		page := path.Join("/", t.project.FullName(), "-", kind, e.Path)
		values := map[string]any{"id": globalID("TreeEntry", e.ID.String()), "sha": e.ID.String(), "name": path.Base(e.Path), "path": e.Path,
			"flatPath": e.Path, "type": kind, "mode": mode(e), "webPath": page, "webUrl": t.origin() + page, "lfsOid": t.lfsOID(e)}
		list = append(list, graphql.Fields{Type: typ, Values: values})
	}
	t.lists[kind] = list
	return graphql.Connect(list)
}

// lfsOID is the id of the LFS object that a pointer stands for, or null.
func (r *repositoryNode) lfsOID(e fakehost.Entry) func() any {
	return func() any {
		content, err := r.project.Blob(e.ID)
		if err != nil || e.Type() != "blob" || !isPointer(content) {
			return nil
		}
		return pointerOID(content)
	}
}

// lastCommit is the last one that changed the folder, or a file of that path.
func (t *treeNode) lastCommit() any {
	var last *object.Commit
	_ = t.project.Log(t.commit, t.folder, func(commit *object.Commit) bool { // a missing commit has no history
		last = commit
		return false
	})
	if last == nil {
		return nil
	}
	id := last.Hash.String()
	page := "/" + t.project.FullName() + "/-/commit/" + id
	var author any
	if u, found := t.host.UserByEmail(last.Author.Email); found {
		author = t.userNode(u)
	}
	return graphql.Fields{Type: "Commit", Values: map[string]any{"id": globalID("CommitPresenter", id), "sha": id, "shortId": id[:8],
		"title": title(last.Message), "message": last.Message, "authorName": last.Author.Name, "authoredDate": last.Author.When,
		"author": author, "webPath": page, "webUrl": t.origin() + page}}
}

// blobNode is the type RepositoryBlob.
type blobNode struct {
	*repositoryNode
	entry   fakehost.Entry
	ref     string
	content []byte // read when first needed
}

func (*blobNode) TypeName() string { return "RepositoryBlob" }

func (b *blobNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "id":
		return globalID("Blob", b.entry.ID.String()), nil
	case "oid":
		return b.entry.ID.String(), nil
	case "path":
		return b.entry.Path, nil
	case "name":
		return path.Base(b.entry.Path), nil
	case "mode":
		return mode(b.entry), nil
	case "webPath":
		return path.Join("/", b.project.FullName(), "-", "blob", b.ref, b.entry.Path), nil
	}
	return b.contentField(name)
}

// maxData is how many bytes of a blob GraphQL shows.
const maxData = 10 << 20

func (b *blobNode) contentField(name string) (any, error) {
	if b.content == nil {
		content, err := b.project.Blob(b.entry.ID)
		if err != nil {
			return nil, err
		}
		b.content = content
	}
	pointer := isPointer(b.content)
	switch name {
	case "size":
		return len(b.content), nil
	case "rawSize":
		if content, found := b.project.LFS(pointerOID(b.content)); pointer && found {
			return len(content), nil
		}
		return len(b.content), nil
	case "lfsOid":
		return b.lfsOID(b.entry)(), nil
	case "storedExternally":
		return pointer && !b.project.Info().NoLFS, nil
	case "rawBlob":
		return b.text(), nil
	case "rawTextBlob":
		if isBinary(b.content) {
			return nil, nil
		}
		return b.text(), nil
	}
	return nil, graphql.ErrNoField
}

// text is the content as GraphQL has it. What is binary and isn't UTF-8 can't
// be in an answer: the real host fails. Other text that isn't UTF-8 is turned
// into it by a guess, and its bytes can't be had back (lib/gitlab/encoding_helper.rb).
func (b *blobNode) text() any {
	content := b.content[:min(len(b.content), maxData)]
	switch {
	case utf8.Valid(content):
		return string(content)
	case isBinary(content):
		b.broken = true
		return nil
	}
	var text strings.Builder
	for _, latin1 := range content {
		text.WriteRune(rune(latin1))
	}
	return text.String()
}

// isBinary is Git's rule: a NUL near the start.
func isBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0
}
