package fakegitlab

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// treeEntry is one entry of a listing. A listing is long: it is a struct.
type treeEntry struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Path string `json:"path"`
	Mode string `json:"mode"`
}

// getTree: https://docs.gitlab.com/api/repositories/#list-repository-tree.
// Folders come first, also in a recursive listing.
func getTree(c *call) (*answer, error) {
	if err := c.params.oneOf("pagination", "legacy", "keyset", "none"); err != nil {
		return nil, err
	}
	list, err := c.entries()
	if err != nil {
		return nil, err
	}
	defaults := map[string]string{"recursive": "false"}
	switch c.params.text("pagination") {
	case "keyset":
		return c.keysetTree(list, defaults)
	case "none":
		out := make([]treeEntry, len(list))
		for i, e := range list {
			out[i], _ = treeJSON(e)
		}
		return ok(out)
	}
	return paged(c, list, withTotals, defaults, treeJSON)
}

// entries are those of the tree that is asked for.
func (c *call) entries() ([]fakehost.Entry, error) {
	id, found := c.commitAt(c.params.text("ref"))
	if !found {
		return nil, notFound("Tree")
	}
	root, err := c.repo.TreeOf(id)
	if err != nil {
		return nil, err
	}
	return c.entriesBelow(root, c.params.text("path"), c.params.flag("recursive"))
}

// entriesBelow lists what is below a path, folders first. NotFound with the
// host's words when there is no folder of that name.
func (c *call) entriesBelow(root plumbing.Hash, folder string, recursive bool) ([]fakehost.Entry, error) {
	folder = strings.Trim(folder, "/")
	if folder == "." {
		folder = ""
	}
	at, found := c.repo.EntryAt(root, folder)
	if !found || at.Type() != "tree" {
		return nil, notFound("invalid revision or path")
	}
	list, err := c.repo.List(at.ID)
	if recursive {
		list, err = c.repo.ListAll(at.ID)
	}
	if err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Path = path.Join(folder, list[i].Path)
	}
	order := map[string]int{"tree": 0, "blob": 1, "commit": 2}
	slices.SortStableFunc(list, func(a, b fakehost.Entry) int { return order[a.Type()] - order[b.Type()] })
	return list, nil
}

func treeJSON(e fakehost.Entry) (treeEntry, error) {
	return treeEntry{e.ID.String(), path.Base(e.Path), e.Type(), e.Path, mode(e)}, nil
}

// mode is an entry's mode in six digits.
func mode(e fakehost.Entry) string { return e.Mode.String()[1:] }

// pageToken is Gitaly's page_token: in base64, and nobody's to read anything
// into.
type pageToken struct {
	FileName string `json:"file_name"`
}

func encodeToken(path string) string {
	return base64.StdEncoding.EncodeToString(encode(pageToken{path}))
}

// keysetTree answers the part of a listing behind page_token.
func (c *call) keysetTree(list []fakehost.Entry, defaults map[string]string) (*answer, error) {
	p := c.page()
	if token := c.params.text("page_token"); token != "" {
		var start pageToken
		text, err := base64.StdEncoding.DecodeString(token)
		if err == nil {
			err = json.Unmarshal(text, &start)
		}
		rest, found := after(list, start.FileName, func(e fakehost.Entry) string { return e.Path })
		if err != nil || !found {
			return nil, refused(http.StatusInternalServerError, "500 Internal Server Error")
		}
		list = rest
	}
	a := &answer{}
	if len(list) > p.size {
		list = list[:p.size]
		a.header = c.keysetHeader(p, encodeToken(list[p.size-1].Path), defaults)
	}
	out := make([]treeEntry, len(list))
	for i, e := range list {
		out[i], _ = treeJSON(e)
	}
	a.body = out
	return a, nil
}

// commitAt finds the commit of a branch, tag or id; "" is the default branch.
func (c *call) commitAt(ref string) (id plumbing.Hash, found bool) {
	if ref == "" {
		ref = c.repo.Info().DefaultBranch
	}
	return c.repo.ResolveCommit(ref)
}
