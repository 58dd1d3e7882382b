package gitlab

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Tree implements driver.Driver. GraphQL gives many pages at once, REST one after the
// other.
func (r *Repo) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, cmserr.From(err)
	}
	return r.trees.Tree(commit, dir, recursive, func() ([]driver.TreeEntry, error) {
		entries, err := r.list(ctx, commit, dir, recursive)
		if err != nil {
			return nil, at(err, dir)
		}
		driver.SortEntries(entries)
		return entries, checkEntries(entries, dir)
	})
}

// checkEntries finds what would be a wrong listing: pages that hold the same twice, or
// what lies elsewhere.
func checkEntries(entries []driver.TreeEntry, dir string) error {
	for i, e := range entries {
		outside := dir != "" && !strings.HasPrefix(e.Path, dir+"/")
		if outside || i > 0 && e.Path == entries[i-1].Path {
			return misshapen("list of files")
		}
	}
	return nil
}

func (r *Repo) list(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	entries, err := r.queries.tree(ctx, commit, dir, recursive)
	switch cmserr.KindOf(err) {
	case cmserr.Canceled, cmserr.Unauthenticated, cmserr.RateLimited, cmserr.Network:
		if !tooMuch(err) {
			return nil, err
		}
	}
	if err == nil && (len(entries) > 0 || dir != "") {
		if len(entries) == 0 { // Git keeps no empty folders
			return nil, noFolder()
		}
		return entries, nil
	}
	return r.listOverREST(ctx, commit, dir, recursive) // or it says why not
}

func noFolder() error { return cmserr.New(cmserr.NotFound, "There is no such folder.") }

// pageSize is how many entries GitLab puts on a page at most.
const pageSize = 100

// pageCost is what a page of a tree costs: the list, its nodes with three fields, and
// where it ends.
const pageCost = 9

// entryList is one of the lists that GraphQL splits a tree into.
type entryList struct {
	field   string // "blobs", "trees" or "submodules"
	mode    driver.Mode
	pages   int    // to ask for next
	known   int    // entries so far
	cursor  string // where they end
	done    bool
	entries []driver.TreeEntry
}

// tree lists a tree through GraphQL: nothing where there is none.
// https://docs.gitlab.com/api/graphql/reference/#tree
func (r graph) tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	lists := []*entryList{
		{field: "blobs", mode: driver.ModeRegular},
		{field: "trees", mode: driver.ModeDir},
		{field: "submodules", mode: driver.ModeSubmodule},
	}
	for plan(lists, r.treePages(), r.repo.api.opaque.Load()) {
		before := r.treePages()
		tree, err := r.queryPages(ctx, commit, dir, recursive, lists)
		if tooMuch(err) {
			r.repo.api.budget.learn(costOfPages(lists), err)
			if r.treePages() < before {
				continue
			}
		}
		if err != nil || !tree.IsObject() {
			return nil, err
		}
		for _, l := range lists {
			if err := l.take(tree, r.repo.api.opaque.Store); err != nil {
				return nil, err
			}
		}
	}
	var all []driver.TreeEntry
	for _, l := range lists {
		all = append(all, l.entries...)
	}
	return all, nil
}

// treePages is how many pages of a tree one operation may ask for.
func (r graph) treePages() int { return max(r.repo.api.budget.left()/pageCost, 1) }

func costOfPages(lists []*entryList) int {
	pages := 0
	for _, l := range lists {
		pages += l.pages
	}
	return pages * pageCost
}

// plan shares pages out among the lists that go on; false if none does. Files get
// most of them.
func plan(lists []*entryList, pages int, opaque bool) bool {
	var open []*entryList
	for _, l := range lists {
		l.pages = 0
		if !l.done {
			open = append(open, l)
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		open[i].pages = max(pages/4, 1)
		if open[i].field == "submodules" && open[i].known == 0 || opaque {
			open[i].pages = 1
		}
		if i == 0 && !opaque {
			open[i].pages = max(pages, 1)
		}
		pages -= open[i].pages
	}
	return len(open) > 0
}

func (r graph) queryPages(ctx context.Context, commit, dir string, recursive bool, lists []*entryList) (gjson.Result, error) {
	o := &operation{}
	o.raw("repository{tree(ref:").str(commit).raw(",path:").str(dir)
	o.raw(",recursive:" + strconv.FormatBool(recursive) + "){")
	for _, l := range lists {
		l.ask(o)
	}
	project, err := r.read(ctx, "Tree", o.raw("}}"),
		"fragment page on PageInfo{endCursor hasNextPage}")
	return project.Get("repository.tree"), err
}

// ask writes the pages of a list. Only the first begins where the last answer ended;
// where the others do is computed.
func (l *entryList) ask(o *operation) {
	fields := "path sha"
	if l.field == "blobs" {
		fields += " mode"
	}
	for i := range l.pages {
		after := l.cursor
		if i > 0 {
			after = cursorAt(l.known + i*pageSize)
		}
		o.raw(l.alias(i) + ":" + l.field + "(first:" + strconv.Itoa(pageSize))
		if after != "" {
			o.raw(",after:").str(after)
		}
		o.raw("){pageInfo{...page}nodes{" + fields + "}}")
	}
}

func (l *entryList) alias(page int) string { return l.field[:1] + strconv.Itoa(page) }

// cursorAt is GitLab's cursor after n entries of a tree. GitLab promises nothing of how
// they look, so a page that was asked for by a computed one counts only if the page
// before ended in the same.
func cursorAt(n int) string { return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

// take reads the pages that were asked for, as far as each begins where the one before
// ended. Otherwise pages have to come one by one from now on.
func (l *entryList) take(tree gjson.Result, setOpaque func(bool)) error {
	for i := range l.pages {
		page := tree.Get(l.alias(i))
		count, err := l.read(page.Get("nodes"))
		if err != nil {
			return err
		}
		l.known += count
		l.done = !page.Get("pageInfo.hasNextPage").Bool()
		l.cursor = page.Get("pageInfo.endCursor").String()
		switch {
		case l.done:
			return nil
		case count == 0 || l.cursor == "":
			return misshapen("next page")
		case l.cursor != cursorAt(l.known):
			setOpaque(true)
			return nil
		case count != pageSize: // the next was asked for from elsewhere
			return nil
		}
	}
	return nil
}

// read adds the entries of a page.
func (l *entryList) read(nodes gjson.Result) (count int, err error) {
	if !nodes.IsArray() {
		return 0, misshapen("list of files")
	}
	nodes.ForEach(func(_, node gjson.Result) bool {
		e := driver.TreeEntry{Mode: l.mode, Size: -1}
		node.ForEach(func(key, value gjson.Result) bool {
			switch key.Str {
			case "path":
				e.Path = strings.Clone(value.Str)
			case "sha":
				e.ID = strings.Clone(value.Str)
			case "mode":
				e.Mode = modeOf(value.Str)
			}
			return true
		})
		if e.Path == "" || e.ID == "" || e.Mode == 0 {
			err = misshapen("list of files")
			return false
		}
		l.entries = append(l.entries, e)
		count++
		return true
	})
	return count, err
}

// modeOf reads a mode as Git writes it, e.g. "100644"; 0 if it is none.
func modeOf(octal string) driver.Mode {
	mode, err := strconv.ParseUint(octal, 8, 32)
	if err != nil {
		return 0
	}
	return driver.Mode(mode)
}
