package fakegitlab

import (
	"encoding/base64"

	"github.com/go-git/go-git/v5/plumbing"
)

// blob is the content of the blob that the path names.
func (c *call) blob() ([]byte, error) {
	if sha := c.path["sha"]; plumbing.IsHash(sha) {
		if content, err := c.repo.Blob(plumbing.NewHash(sha)); err == nil {
			return content, nil
		}
	}
	return nil, notFound("Blob")
}

// getBlob: https://docs.gitlab.com/api/repositories/#get-a-blob-from-repository
func getBlob(c *call) (*answer, error) {
	content, err := c.blob()
	if err != nil {
		return nil, err
	}
	return ok(obj{"size": len(content), "encoding": "base64", "content": base64.StdEncoding.EncodeToString(content), "sha": c.path["sha"]})
}

// getRawBlob: https://docs.gitlab.com/api/repositories/#raw-blob-content
func getRawBlob(c *call) (*answer, error) {
	content, err := c.blob()
	if err != nil {
		return nil, err
	}
	return &answer{raw: content, mime: "text/plain; charset=utf-8", header: map[string]string{"Cache-Control": uncached}, noETag: true}, nil
}

// uncached is the Cache-Control of raw content.
const uncached = "max-age=0, private, must-revalidate, no-store, no-cache"
