package fakegithub

import (
	"encoding/base64"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// getBlob: https://docs.github.com/rest/git/blobs#get-a-blob
func getBlob(c *call) (*answer, error) {
	id := plumbing.NewHash(c.params["sha"])
	content, err := c.repo.Blob(id)
	if err != nil {
		return nil, notFound(docsRoot + "/git/blobs#get-a-blob")
	}
	if mime := c.rawMedia(); mime != "" {
		return &answer{raw: content, mime: mime}, nil
	}
	return ok(obj{"sha": id.String(), "node_id": nodeID("Blob", c.repo.Info().ID, id), "size": len(content),
		"url": c.repoAPI("git/blobs", id.String()), "content": base64Lines(content), "encoding": "base64"})
}

// base64Lines is base64 in lines of 60, as the host writes it.
func base64Lines(content []byte) string {
	const width = 60
	text := base64.StdEncoding.EncodeToString(content)
	var b strings.Builder
	for len(text) > 0 {
		n := min(width, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}

// rawMedia is the media type of the answer when the request accepts the raw
// content: application/vnd.github.raw, with or without a version and +json.
func (c *call) rawMedia() string { return c.media("raw") }

func (c *call) media(form string) string {
	for accept := range strings.SplitSeq(c.r.Header.Get("Accept"), ",") {
		accept, _, _ = strings.Cut(strings.TrimSpace(accept), ";")
		kind, isGitHub := strings.CutPrefix(strings.TrimSuffix(accept, "+json"), "application/vnd.github.")
		if isGitHub && (kind == form || strings.HasSuffix(kind, "."+form)) {
			return accept + "; charset=utf-8"
		}
	}
	return ""
}

// createBlob: https://docs.github.com/rest/git/blobs#create-a-blob
func createBlob(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	var in struct{ Content, Encoding string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	content := []byte(in.Content)
	switch in.Encoding {
	case "", "utf-8":
	case "base64":
		var err error
		if content, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(in.Content, "\n", "")); err != nil {
			return nil, invalid("content is not valid Base64")
		}
	default:
		return nil, invalid("encoding must be one of: utf-8, base64")
	}
	id, err := c.repo.WriteBlob(content)
	if err != nil {
		return nil, err
	}
	url := c.repoAPI("git/blobs", id.String())
	return created(url, obj{"sha": id.String(), "url": url})
}
