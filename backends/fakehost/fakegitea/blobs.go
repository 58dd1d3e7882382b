package fakegitea

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// blobJSON is a blob. One that is too large has null as its content and
// encoding, or in older versions an empty content.
type blobJSON struct {
	Content  *string `json:"content"`
	Encoding *string `json:"encoding"`
	URL      string  `json:"url"`
	SHA      string  `json:"sha"`
	Size     int64   `json:"size"`
	LFSOID   string  `json:"lfs_oid,omitempty"`
	LFSSize  int64   `json:"lfs_size,omitempty"`
}

// getBlob: GET …/git/blobs/{sha}. What isn't there is 400.
func getBlob(c *call) (*answer, error) {
	sha := c.params["sha"]
	if !plumbing.IsHash(sha) {
		return nil, badRequest(fmt.Sprintf("length %d has no matched object format: %s", len(sha), sha))
	}
	b, found := c.blobJSON(plumbing.NewHash(sha))
	if !found {
		return nil, badRequest(missingObject(sha, ""))
	}
	return ok(b)
}

func (c *call) blobJSON(id plumbing.Hash) (blobJSON, bool) {
	content, err := c.repo.Blob(id)
	if err != nil {
		return blobJSON{}, false
	}
	b := blobJSON{URL: c.repoAPI("git/blobs", id.String()), SHA: id.String(), Size: int64(len(content))}
	text, encoding := "", "base64"
	tooLarge := len(content) > c.blobLimit()
	if tooLarge && c.offers.nullBlobs {
		return b, true
	}
	if !tooLarge {
		text = base64.StdEncoding.EncodeToString(content)
	}
	b.Content, b.Encoding = &text, &encoding
	if p, is := readPointer(content); is && c.offers.lfsMeta {
		b.LFSOID, b.LFSSize = p.oid, p.size
	}
	return b, true
}

// blobLimit is the size in bytes from which blobs have no content.
func (c *call) blobLimit() int {
	if n := c.host.Settings().BlobLimit; n > 0 {
		return n
	}
	return maxBlobSize
}

// getBlobs: GET …/git/blobs?shas=a,b of Forgejo. One that isn't there makes it
// 400 for all; of too many the first are answered (GetBlobsBySHA in Forgejo's
// services/repository/files/content.go).
func getBlobs(c *call) (*answer, error) {
	shas := c.r.URL.Query().Get("shas")
	if shas == "" {
		return nil, badRequest("shas not provided")
	}
	list := []blobJSON{}
	asked := strings.Split(shas, ",")
	for _, sha := range asked[:min(len(asked), maxPageSize)] {
		b, found := c.blobJSON(plumbing.NewHash(sha))
		if !found {
			return nil, badRequest(missingObject(sha, ""))
		}
		list = append(list, b)
	}
	return ok(list)
}
