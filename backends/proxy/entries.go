package proxy

import (
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
	"mooring/backends/rest"
)

// listingKey names a listing, whichever page of it is asked for.
type listingKey struct {
	folder, extension string
	depth             int
}

// EntriesByFolder lists a folder, sorted by path. The servers know no pages: the
// first page reads all of it, and pages after it are cut from that same listing,
// so that they fit together. The servers list by extension only: a query without
// one is an Invalid error.
func (c *Client) EntriesByFolder(ctx context.Context, q cms.FolderQuery) (cms.Page, error) {
	key := listingKey{
		folder:    strings.Trim(q.Folder, "/"),
		extension: strings.TrimPrefix(q.Extension, "."), depth: max(q.Depth, 1),
	}
	var entries []cms.Entry
	err := c.do(ctx, actByFolder, key.folder, func() (err error) {
		if key.extension == "" {
			return invalid(key.folder, "A proxy server lists entries of one extension only. "+
				"Set extension (or format) for this collection in the CMS configuration.")
		}
		kept, known := c.listings[key]
		if q.Offset > 0 && known {
			entries = kept
			return nil
		}
		if entries, err = c.list(ctx, key); err == nil && q.Limit > 0 {
			c.listings[key] = entries
		}
		return err
	})
	if err != nil {
		return cms.Page{}, err
	}
	from := min(max(q.Offset, 0), len(entries))
	to := len(entries)
	if q.Limit > 0 {
		to = min(from+q.Limit, to)
	}
	return cms.Page{Entries: slices.Clone(entries[from:to]), Total: len(entries)}, nil
}

// list reads a whole listing. The servers compare the end of the name only, and
// list directories of a fitting name as well: those have no data.
func (c *Client) list(ctx context.Context, key listingKey) ([]cms.Entry, error) {
	suffix := "." + key.extension
	answer, err := c.call(ctx, actByFolder, func(j *rest.JSON) {
		j.Field("folder", folderOrRoot(key.folder)).Field("extension", suffix).Key("depth").Int(key.depth)
	})
	if err != nil {
		return nil, err
	}
	all, ok := decodeEntries(answer)
	if !ok {
		return nil, c.misshapen(actByFolder)
	}
	var entries []cms.Entry
	for _, e := range all {
		if e.exists && strings.HasSuffix(e.Path, suffix) && within(e.Path, key.folder, key.depth) {
			entries = append(entries, e.Entry)
		}
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
	return entries, nil
}

// EntriesByFiles reads the files that exist among those named.
func (c *Client) EntriesByFiles(ctx context.Context, files []cms.File) ([]cms.Entry, error) {
	if len(files) == 0 {
		return nil, nil
	}
	var entries []cms.Entry
	err := c.do(ctx, actByFiles, "", func() error {
		all, err := c.files(ctx, c.o.Branch, files)
		for i, e := range all {
			if e.exists {
				e.Path, e.Label = files[i].Path, files[i].Label
				entries = append(entries, e.Entry)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// files reads files of any branch; the answer has one entry for each, in order.
func (c *Client) files(ctx context.Context, branch string, files []cms.File) ([]entry, error) {
	answer, err := c.callOn(ctx, branch, actByFiles, func(j *rest.JSON) {
		j.Key("files").Array()
		for _, f := range files {
			j.Object().Field("path", f.Path).FieldIf("label", f.Label).EndObject()
		}
		j.EndArray()
	})
	if err != nil {
		return nil, err
	}
	all, ok := decodeEntries(answer)
	if !ok || len(all) != len(files) {
		return nil, c.misshapen(actByFiles)
	}
	return all, nil
}

// Entry reads one file and notes its text, for PersistEntry's check.
func (c *Client) Entry(ctx context.Context, path string) (cms.Entry, error) {
	var read entry
	err := c.do(ctx, actEntry, path, func() error {
		answer, err := c.call(ctx, actEntry, func(j *rest.JSON) { j.Field("path", path) })
		if err != nil {
			return err
		}
		var ok bool
		if read, ok = decodeEntry(answer); !ok {
			return c.misshapen(actEntry)
		}
		c.noteRead(c.o.Branch, path, read.Data, read.exists)
		if !read.exists {
			return missing(path)
		}
		return nil
	})
	if err != nil {
		return cms.Entry{}, err
	}
	read.Path = path
	return read.Entry, nil
}

// entry is a file as the servers answer it, which may be a missing one.
type entry struct {
	cms.Entry
	exists bool
}

func decodeEntries(answer gjson.Result) (all []entry, ok bool) {
	if !answer.IsArray() {
		return nil, false
	}
	ok = true
	answer.ForEach(func(_, item gjson.Result) bool {
		var e entry
		e, ok = decodeEntry(item)
		all = append(all, e)
		return ok
	})
	return all, ok
}

// decodeEntry reads {"data": string or null, "file": {"path", "id"}}.
func decodeEntry(item gjson.Result) (entry, bool) {
	// ForEach walks the text once; Get would walk over the data for every field.
	var data, path, id gjson.Result
	item.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "data":
			data = value
		case "file":
			path, id = value.Get("path"), value.Get("id")
		}
		return true
	})
	if path.Type != gjson.String || !data.Exists() || data.Type != gjson.String && data.Type != gjson.Null {
		return entry{}, false
	}
	e := entry{exists: data.Type == gjson.String}
	e.Path, e.ID, e.Data = path.Str, id.Str, data.Str
	return e, true
}

// within says whether path lies in folder, at most depth levels down.
func within(path, folder string, depth int) bool {
	if folder != "" {
		rest, ok := strings.CutPrefix(path, folder+"/")
		if !ok {
			return false
		}
		path = rest
	}
	return strings.Count(path, "/") < depth
}

// folderOrRoot is how the servers want a folder named: never by an empty string.
func folderOrRoot(folder string) string {
	if folder == "" {
		return "."
	}
	return folder
}
