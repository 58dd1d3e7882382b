package fakegithub

import (
	"bytes"
	"context"
	"encoding/base64"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// gitObject is what blobs, trees and commits have in common.
type gitObject struct {
	*repositoryNode
	id   plumbing.Hash
	path string // where it lies, as far as that is known
}

// field answers the fields of the interface GitObject.
func (o *gitObject) field(kind, name string) (any, error) {
	switch name {
	case "id":
		return nodeID(kind, o.repo.Info().ID, o.id), nil
	case "oid":
		return o.id.String(), nil
	case "abbreviatedOid":
		return o.id.String()[:7], nil
	case "repository":
		return o.repositoryNode, nil
	case "commitUrl", "commitResourcePath":
		return pageURL(name, o.web, "/"+o.repo.FullName()+"/commit/"+o.id.String()), nil
	}
	return nil, graphql.ErrNoField
}

// treeNode is the type Tree.
type treeNode struct{ gitObject }

func (*treeNode) TypeName() string { return "Tree" }

func (t *treeNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	if name != "entries" {
		return t.field("Tree", name)
	}
	entries, err := t.repo.List(t.id)
	if err != nil {
		return nil, err
	}
	list := make([]*entryNode, len(entries))
	for i, e := range entries {
		name := e.Path
		e.Path = path.Join(t.path, name)
		list[i] = &entryNode{t.repositoryNode, e, name}
	}
	return list, nil
}

// entryNode is the type TreeEntry.
type entryNode struct {
	*repositoryNode
	entry fakehost.Entry
	name  string
}

func (*entryNode) TypeName() string { return "TreeEntry" }

func (e *entryNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "name":
		return e.name, nil
	case "nameRaw":
		return base64.StdEncoding.EncodeToString([]byte(e.name)), nil
	case "path":
		return e.entry.Path, nil
	case "pathRaw":
		return base64.StdEncoding.EncodeToString([]byte(e.entry.Path)), nil
	case "mode": // a decimal number: 33188 is 100644 in octal
		return int(e.entry.Mode), nil
	case "oid":
		return e.entry.ID.String(), nil
	case "type":
		return e.entry.Type(), nil
	case "size":
		return e.entry.Size, nil
	case "extension":
		return path.Ext(e.name), nil
	case "isGenerated":
		return false, nil
	case "repository":
		return e.repositoryNode, nil
	case "object":
		if e.entry.Type() == "commit" { // a submodule's is in another repository
			return nil, nil
		}
		return e.objectByID(e.entry.ID, e.entry.Path), nil
	}
	return nil, graphql.ErrNoField
}

// blobNode is the type Blob.
type blobNode struct {
	gitObject
	content []byte // read when first needed
}

// maxText is how many bytes of a blob the host shows as text.
const maxText = 512_000

func (*blobNode) TypeName() string { return "Blob" }

func (b *blobNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "byteSize", "isBinary", "isTruncated", "text":
		return b.contentField(name)
	}
	return b.field("Blob", name)
}

func (b *blobNode) contentField(name string) (any, error) {
	if b.content == nil {
		content, err := b.repo.Blob(b.id)
		if err != nil {
			return nil, err
		}
		b.content = content
	}
	switch {
	case name == "byteSize":
		return len(b.content), nil
	case name == "isBinary":
		return isBinary(b.content), nil
	case name == "isTruncated":
		return len(b.content) > maxText, nil
	case isBinary(b.content):
		return nil, nil
	}
	return asText(b.content), nil
}

// isBinary is Git's rule: a NUL near the start.
func isBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0
}

// asText cuts what is too long. Text that isn't UTF-8 is turned into it, as by
// the real host, which guesses the encoding: the bytes can't be had back.
func asText(content []byte) string {
	if len(content) > maxText {
		end := maxText
		for end > maxText-utf8.UTFMax && !utf8.RuneStart(content[end]) {
			end--
		}
		content = content[:end]
	}
	if utf8.Valid(content) {
		return string(content)
	}
	var text strings.Builder
	for _, latin1 := range content {
		text.WriteRune(rune(latin1))
	}
	return text.String()
}
