package proxy

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// draftBranch is the branch that the servers keep a draft on. Their actions on
// files accept it in place of the edited branch.
func draftBranch(key cms.Key) string { return "cms/" + key.String() }

func writeKey(j *rest.JSON, key cms.Key) {
	j.Field("collection", key.Collection).Field("slug", key.Slug)
}

// Drafts lists the drafts. A branch under cms/ that is none is passed over.
func (c *Client) Drafts(ctx context.Context) ([]string, error) {
	var keys []string
	err := c.do(ctx, actDrafts, "", func() (err error) {
		keys, err = c.drafts(ctx)
		return err
	})
	return keys, err
}

func (c *Client) drafts(ctx context.Context) ([]string, error) {
	answer, err := c.call(ctx, actDrafts, nil)
	if err != nil {
		return nil, err
	}
	keys, ok := decodeKeys(answer)
	if !ok {
		return nil, c.misshapen(actDrafts)
	}
	return keys, nil
}

// mustExist is NotInWorkflow when there is no such draft.
func (c *Client) mustExist(ctx context.Context, key cms.Key) error {
	keys, err := c.drafts(ctx)
	if err == nil && !slices.Contains(keys, key.String()) {
		err = cmserr.New(cmserr.NotInWorkflow, "The entry is not under editorial workflow.")
	}
	return err
}

// because finds out whether the server failed because there is no such draft.
func (c *Client) because(ctx context.Context, key cms.Key, err error) error {
	if failedInside(err) {
		if gone := c.mustExist(ctx, key); cmserr.Is(gone, cmserr.NotInWorkflow) {
			return gone
		}
	}
	return err
}

// Draft describes a draft; files that it deletes are left out of its Diffs. The
// servers fail at one that does not differ from the published branch: it comes
// back as a plain draft without Diffs, and the failure is reported.
func (c *Client) Draft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	draft := cms.Draft{Key: key, Status: cms.StatusDraft}
	err := c.do(ctx, actDraft, "", func() error {
		answer, err := c.call(ctx, actDraft, func(j *rest.JSON) {
			writeKey(j, key)
			j.FieldIf("cmsLabelPrefix", c.o.CMSLabelPrefix)
		})
		if failedInside(err) {
			if gone := c.mustExist(ctx, key); gone != nil {
				return gone
			}
			c.report(cmserr.At(err, actDraft, host, key.String()))
			return nil
		}
		if err != nil {
			return err
		}
		var ok bool
		if draft, ok = decodeDraft(answer); !ok {
			return c.misshapen(actDraft)
		}
		draft.Key = key
		return nil
	})
	if err != nil {
		return cms.Draft{}, err
	}
	return draft, nil
}

// DraftData reads a text file of a draft and notes it, for PersistEntry's check.
func (c *Client) DraftData(ctx context.Context, key cms.Key, path, id string) (string, error) {
	var text string
	err := c.do(ctx, actDraftData, path, func() error {
		answer, err := c.call(ctx, actDraftData, func(j *rest.JSON) {
			writeKey(j, key)
			j.Field("path", path).Field("id", cmp.Or(id, path))
		})
		if err != nil {
			return c.because(ctx, key, err)
		}
		data := answer.Get("data")
		switch {
		case data.Type == gjson.String:
		case answer.IsObject() && data.Exists() && data.Type == gjson.Null:
			return missing(path)
		default:
			return c.misshapen(actDraftData)
		}
		text = data.Str
		c.noteRead(draftBranch(key), path, text, true)
		return nil
	})
	return text, err
}

// DraftMedia reads a media file of a draft.
func (c *Client) DraftMedia(ctx context.Context, key cms.Key, path, id string) (cms.MediaFile, error) {
	var file cms.MediaFile
	err := c.do(ctx, actDraftMedia, path, func() (err error) {
		file, err = c.mediaFile(ctx, actDraftMedia, path, func(j *rest.JSON) {
			writeKey(j, key)
			j.Field("path", path).Field("id", cmp.Or(id, path))
		})
		if !failedInside(err) {
			return err
		}
		if gone := c.mustExist(ctx, key); gone != nil {
			return gone
		}
		now, lookErr := c.states(ctx, draftBranch(key), []string{path})
		if lookErr == nil && !now[path].exists {
			return missing(path)
		}
		return err
	})
	return file, err
}

// SetDraftStatus stores a draft's status. The servers would store one for a draft
// that does not exist, so that is asked first.
func (c *Client) SetDraftStatus(ctx context.Context, key cms.Key, status string) error {
	return c.do(ctx, actSetStatus, "", func() error {
		if err := c.mustExist(ctx, key); err != nil {
			return err
		}
		return c.done(ctx, c.o.Branch, actSetStatus, func(j *rest.JSON) {
			writeKey(j, key)
			j.Field("newStatus", status).FieldIf("cmsLabelPrefix", c.o.CMSLabelPrefix)
		})
	})
}

// DeleteDraft throws a draft away.
func (c *Client) DeleteDraft(ctx context.Context, key cms.Key) error {
	return c.do(ctx, actDeleteDraft, "", func() error {
		err := c.done(ctx, c.o.Branch, actDeleteDraft, func(j *rest.JSON) { writeKey(j, key) })
		if err != nil {
			return c.because(ctx, key, err)
		}
		c.forgetBranch(draftBranch(key))
		return nil
	})
}

// DeployPreview is what the server says; the known servers know of none.
func (c *Client) DeployPreview(ctx context.Context, key cms.Key) (*cms.Preview, error) {
	var preview *cms.Preview
	err := c.do(ctx, actDeployPreview, "", func() error {
		answer, err := c.call(ctx, actDeployPreview, func(j *rest.JSON) { writeKey(j, key) })
		switch url := answer.Get("url"); {
		case err != nil:
			return err
		case answer.Type == gjson.Null:
			return nil
		case url.Type != gjson.String:
			return c.misshapen(actDeployPreview)
		default:
			preview = &cms.Preview{URL: url.Str, Status: answer.Get("status").Str}
			return nil
		}
	})
	return preview, err
}

func decodeKeys(answer gjson.Result) (keys []string, ok bool) {
	if !answer.IsArray() {
		return nil, false
	}
	ok = true
	answer.ForEach(func(_, item gjson.Result) bool {
		if ok = item.Type == gjson.String; !ok {
			return false
		}
		if _, isKey := cms.ParseKey(item.Str); isKey {
			keys = append(keys, item.Str)
		}
		return true
	})
	return keys, ok
}

func decodeDraft(answer gjson.Result) (draft cms.Draft, ok bool) {
	diffs := answer.Get("diffs")
	if !diffs.IsArray() {
		return draft, false
	}
	draft.Status = statusOf(answer.Get("status").Str)
	draft.UpdatedAt = answer.Get("updatedAt").Str
	ok = true
	diffs.ForEach(func(_, item gjson.Result) bool {
		at, status := item.Get("path"), item.Get("status").Str
		if ok = at.Type == gjson.String; !ok {
			return false
		}
		if status == "deleted" || at.Str == "" {
			return true
		}
		file := unquote(at.Str)
		isNew := item.Get("newFile").Bool() || status == "renamed" || status == "copied"
		draft.Diffs = append(draft.Diffs, cms.Diff{ID: file, Path: file, NewFile: isNew})
		return true
	})
	return draft, ok
}

// statusOf finds the status in what the repository stores: a label, whose prefix
// is another's when another tool or server wrote it. None is a draft.
func statusOf(label string) string {
	for _, status := range []string{cms.StatusPendingReview, cms.StatusPendingPublish} {
		if strings.HasSuffix(label, status) {
			return status
		}
	}
	return cms.StatusDraft
}

// unquote undoes the quotes that Git puts around a path with characters outside
// ASCII, or with a quote, backslash or control character. The servers pass them on.
func unquote(path string) string {
	if len(path) < 2 || path[0] != '"' || path[len(path)-1] != '"' {
		return path
	}
	in := path[1 : len(path)-1]
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); i++ {
		if in[i] != '\\' || i+1 == len(in) {
			out = append(out, in[i])
			continue
		}
		i++
		if i+3 <= len(in) && octal(in[i:i+3]) {
			out = append(out, (in[i]-'0')<<6|(in[i+1]-'0')<<3|(in[i+2]-'0'))
			i += 2
			continue
		}
		if at := strings.IndexByte("abtnvfr", in[i]); at >= 0 {
			out = append(out, "\a\b\t\n\v\f\r"[at])
			continue
		}
		out = append(out, in[i])
	}
	return string(out)
}

func octal(s string) bool {
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' && s[2] <= '7'
}
