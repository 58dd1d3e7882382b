package proxy

import (
	"cmp"
	"context"
	"encoding/base64"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/rest"
)

// Media lists a folder, MediaFolder if q names none, sorted by path. Only the
// Static CMS server lists subfolders, and only the Decap server tells sizes, by
// sending every file whole.
func (c *Client) Media(ctx context.Context, q cms.MediaQuery) ([]cms.MediaFile, error) {
	folder, public := q.Folder, q.Public
	if folder == "" {
		folder, public = c.o.MediaFolder, cmp.Or(public, c.o.PublicFolder)
	}
	folder = strings.Trim(folder, "/")
	var files []cms.MediaFile
	err := c.do(ctx, actMedia, folder, func() error {
		answer, err := c.call(ctx, actMedia, func(j *rest.JSON) {
			j.Field("mediaFolder", folderOrRoot(folder)).FieldIf("publicFolder", public)
		})
		if err != nil {
			return err
		}
		var ok bool
		if files, ok = decodeMedia(answer); !ok {
			return c.misshapen(actMedia)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !q.Subfolders {
		files = slices.DeleteFunc(files, func(f cms.MediaFile) bool { return f.IsDir })
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	return files, nil
}

// MediaFile reads one file.
func (c *Client) MediaFile(ctx context.Context, path string) (cms.MediaFile, error) {
	var file cms.MediaFile
	err := c.do(ctx, actMediaFile, path, func() (err error) {
		file, err = c.mediaFile(ctx, actMediaFile, path, func(j *rest.JSON) { j.Field("path", path) })
		if !failedInside(err) {
			return err
		}
		// Most servers fail the same way at a file that is not there.
		all, lookErr := c.files(ctx, c.o.Branch, []cms.File{{Path: path}})
		if lookErr == nil && !all[0].exists {
			return missing(path)
		}
		return err
	})
	return file, err
}

// PersistMedia stores one file; in git mode in one commit.
func (c *Client) PersistMedia(ctx context.Context, a cms.Asset, message string) (cms.MediaFile, error) {
	var file cms.MediaFile
	err := c.do(ctx, actPersistMedia, a.Path, func() (err error) {
		stored, err := readAsset(ctx, a)
		if err != nil {
			return err
		}
		file, err = c.mediaFile(ctx, actPersistMedia, a.Path, func(j *rest.JSON) {
			j.Key("asset")
			writeAsset(j, stored)
			writeMessage(j, message, "Upload "+a.Path)
		})
		return err
	})
	return file, err
}

// mediaFile sends an action that is answered by one file, which asked names.
func (c *Client) mediaFile(ctx context.Context, action, asked string, params func(*rest.JSON)) (cms.MediaFile, error) {
	answer, err := c.call(ctx, action, params)
	if err != nil {
		return cms.MediaFile{}, err
	}
	file, ok := decodeMediaFile(answer)
	if !ok {
		return cms.MediaFile{}, c.misshapen(action)
	}
	file.Path = asked
	return file, nil
}

// DeleteFiles deletes files; in git mode in one commit. The servers pass over
// files that do not exist, and also those that they could not delete.
func (c *Client) DeleteFiles(ctx context.Context, paths []string, message string) error {
	if len(paths) == 0 {
		return nil
	}
	return c.do(ctx, actDeleteFiles, "", func() error {
		if err := c.deleteOn(ctx, c.o.Branch, paths, message); err != nil {
			return err
		}
		for _, p := range paths {
			delete(c.notes, noteKey{c.o.Branch, p})
		}
		return nil
	})
}

func (c *Client) deleteOn(ctx context.Context, branch string, paths []string, message string) error {
	fallback := "Delete " + strings.Join(paths, ", ")
	if len(paths) == 1 {
		return c.done(ctx, branch, actDeleteFile, func(j *rest.JSON) {
			j.Field("path", paths[0])
			writeMessage(j, message, fallback)
		})
	}
	return c.done(ctx, branch, actDeleteFiles, func(j *rest.JSON) {
		j.Key("paths").Array()
		for _, p := range paths {
			j.String(p)
		}
		j.EndArray()
		writeMessage(j, message, fallback)
	})
}

// writeMessage writes the options of a commit; servers refuse an empty message.
func writeMessage(j *rest.JSON, message, fallback string) {
	j.Key("options").Object().Field("commitMessage", cmp.Or(message, fallback)).EndObject()
}

// asset is a file as it is sent: whole, for that is all that the servers take.
type asset struct {
	path string
	data []byte
}

// readAssets reads the files that an entry brings. What has no content stays as it is.
func readAssets(ctx context.Context, assets []cms.Asset) ([]asset, error) {
	var out []asset
	for _, a := range assets {
		if a.Content == nil {
			continue
		}
		read, err := readAsset(ctx, a)
		if err != nil {
			return nil, err
		}
		out = append(out, read)
	}
	return out, nil
}

// readAsset reads a file, an empty one where there is no content.
func readAsset(ctx context.Context, a cms.Asset) (asset, error) {
	if a.Content == nil {
		return asset{path: a.Path}, nil
	}
	data, err := a.Content.Bytes(ctx)
	return asset{a.Path, data}, cmserr.At(err, "", "", a.Path)
}

// writeAsset writes a file. The Decap server refuses an empty content, so an
// empty file is sent as a lone padding sign, which both servers read as no bytes.
func writeAsset(j *rest.JSON, a asset) {
	j.Object().Field("path", a.path).Key("content")
	if len(a.data) == 0 {
		j.String("=")
	} else {
		j.Base64(a.data)
	}
	j.Field("encoding", "base64").EndObject()
}

// decodeMedia reads either server's listing: {path, url, isDirectory} or whole
// files.
func decodeMedia(answer gjson.Result) (files []cms.MediaFile, ok bool) {
	if !answer.IsArray() {
		return nil, false
	}
	ok = true
	answer.ForEach(func(_, item gjson.Result) bool {
		at, text := item.Get("path"), item.Get("content")
		if ok = at.Type == gjson.String && at.Str != ""; !ok {
			return false
		}
		file := cms.MediaFile{
			ID: cmp.Or(item.Get("id").Str, at.Str), Path: at.Str, Name: path.Base(at.Str),
			Size: -1, IsDir: item.Get("isDirectory").Bool(),
		}
		if text.Type == gjson.String {
			file.Size = decodedLen(text.Str)
		}
		files = append(files, file)
		return true
	})
	return files, ok
}

// decodeMediaFile reads {id, content, encoding, path, name}.
func decodeMediaFile(answer gjson.Result) (cms.MediaFile, bool) {
	at, text := answer.Get("path"), answer.Get("content")
	if at.Type != gjson.String || text.Type != gjson.String || answer.Get("encoding").Str != "base64" {
		return cms.MediaFile{}, false
	}
	data, err := base64.StdEncoding.DecodeString(text.Str)
	if err != nil {
		return cms.MediaFile{}, false
	}
	return cms.MediaFile{
		ID: cmp.Or(answer.Get("id").Str, at.Str), Path: at.Str, Name: path.Base(at.Str),
		Size: int64(len(data)), Content: content.Bytes(data),
	}, true
}

func decodedLen(content string) int64 {
	return int64(base64.RawStdEncoding.DecodedLen(len(strings.TrimRight(content, "="))))
}

// failedInside says whether the server failed without a word why.
func failedInside(err error) bool {
	return err != nil && cmserr.From(err).Status == 500
}
