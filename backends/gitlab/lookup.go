package gitlab

import (
	"context"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/driver/changeset"
	"mooring/backends/gitid"
)

// blob is what GraphQL tells of a file at a commit; zero where there is none.
type blob struct {
	id   string
	text []byte // nil: it is no text, GitLab has changed or cut it, or it was not asked for
}

// place is where a file is looked for.
type place struct{ commit, path string }

// chunk is how many files one list holds. Longer lists cost more for each file: GitLab
// adds one per cent of all for each.
const chunk = 25

// blobs finds files at their commits, in the order asked for.
// https://docs.gitlab.com/api/graphql/reference/#repositoryblob
func (r graph) blobs(ctx context.Context, places []place, texts bool) ([]blob, error) {
	fields, count := "oid", 1
	if texts {
		fields, count = "oid rawTextBlob", 2
	}
	lists := chunks(places)
	parts := make([]part, len(lists))
	for i, list := range lists {
		parts[i] = list.part(count)
	}
	answers, err := r.gather(ctx, "Blobs", parts, "fragment blob on RepositoryBlob{"+fields+"}")
	if err != nil {
		return nil, err
	}
	found := map[place]blob{}
	for i, list := range lists {
		if err := decodeBlobs(answers[i], list, found); err != nil {
			return nil, err
		}
	}
	out := make([]blob, len(places))
	for i, p := range places {
		out[i] = found[p]
	}
	return out, nil
}

// blobList is a few paths at one commit.
type blobList struct {
	commit string
	paths  []string
}

// chunks groups places by their commits, each once.
func chunks(places []place) []blobList {
	var lists []blobList
	last := map[string]int{} // the list of a commit that has room
	seen := map[place]bool{}
	for _, p := range places {
		if seen[p] {
			continue
		}
		seen[p] = true
		i, ok := last[p.commit]
		if !ok || len(lists[i].paths) == chunk {
			i = len(lists)
			lists = append(lists, blobList{commit: p.commit})
			last[p.commit] = i
		}
		lists[i].paths = append(lists[i].paths, p.path)
	}
	return lists
}

// part asks for the files of a list. GitLab counts the nodes and their fields, the
// list, that it calls Gitaly, each file, and then all of it by the number of files.
// Of one file alone the path is known.
func (l blobList) part(fields int) part {
	n := len(l.paths)
	nodes := "{...blob}"
	if n > 1 {
		nodes = "{path ...blob}"
		fields++
	}
	return part{
		cost: (1 + fields + 2 + n) * (100 + n) / 100,
		write: func(o *operation) {
			o.raw("blobs(ref:").str(l.commit).raw(",paths:").paths(l.paths)
			o.raw(",first:" + strconv.Itoa(n) + "){nodes" + nodes + "}")
		},
	}
}

// decodeBlobs reads a list of blobs. What is no file is not among them.
func decodeBlobs(v gjson.Result, list blobList, found map[place]blob) error {
	nodes := v.Get("nodes")
	if !nodes.IsArray() {
		return misshapen("list of files")
	}
	for _, node := range nodes.Array() {
		b := blob{id: node.Get("oid").String()}
		path := node.Get("path").String()
		if len(list.paths) == 1 {
			path = list.paths[0]
		}
		if b.id == "" || path == "" {
			return misshapen("file")
		}
		// GitLab turns other encodings into UTF-8 and cuts off what is very large.
		if text := node.Get("rawTextBlob"); text.Type == gjson.String && gitid.IsBlob(b.id, []byte(text.Str)) {
			b.text = []byte(text.Str)
		}
		found[place{list.commit, path}] = b
	}
	return nil
}

// ids finds the ids of what lies at places, "" for nothing. What GraphQL does not call a
// file, such as a submodule, is looked up in its folder.
func (r *Repo) ids(ctx context.Context, places []place) (map[place]string, error) {
	ids := map[place]string{}
	found, err := r.queries.blobs(ctx, places, false)
	if err == nil {
		for i, p := range places {
			ids[p] = found[i].id
		}
	} else if !useREST(err) {
		return nil, err
	}
	for _, p := range places {
		if ids[p] != "" {
			continue
		}
		at, err := changeset.Look(ctx, r, p.commit, []string{p.path})
		if err != nil {
			return nil, err
		}
		if at[p.path].IsFile() {
			ids[p] = at[p.path].Entry.ID
		}
	}
	return ids, nil
}
