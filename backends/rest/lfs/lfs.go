// Package lfs speaks to Git LFS servers, which keep large files beside a repository: the
// batch API, and the transfers that its answers ask for.
// https://github.com/git-lfs/git-lfs/tree/main/docs/api
//
// Files pass by reference. No credential goes to another origin than the server's, but for
// what the server itself says to send there.
package lfs

import (
	"context"
	"sync"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

const (
	// perBatch is how many objects one request asks for, which is what the client of Git
	// LFS itself does: servers refuse more.
	perBatch = 100
	// atOnce is how many files are transferred at the same time. They share one line.
	atOnce = 3
)

// Client reads and stores the large files of one repository.
type Client struct {
	Host string // the server's name for people, e.g. "Bitbucket"
	Root string // what /objects/batch is appended to, e.g. ".../repository.git/info/lfs"
	// Server reaches the server, and Store whatever place it keeps files in: see NewStore.
	Server, Store rest.Doer
	// Header says to the server who asks. nil: nobody.
	Header func(ctx context.Context) (rest.Header, error)
	Now    func() time.Time // nil: time.Now
}

// NewStore is a Client's Store over the Doer of the platform. It tries again what was lost:
// sending a file twice stores it once.
func NewStore(host string, next rest.Doer, govern rest.Options) rest.Doer {
	govern.Host, govern.Concurrency, govern.Limited = host+"'s Git LFS storage", atOnce, nil
	return rest.NewGovernor(next, govern)
}

// Upload stores files and makes sure that each is there. What the server has already is not
// sent. An error names the file that it is about; others may have been stored then, which
// does no harm: nothing points to them.
func (c *Client) Upload(ctx context.Context, files []driver.LFSFile) error {
	for rest := distinct(files); len(rest) > 0; {
		some := rest[:min(perBatch, len(rest))]
		if err := c.upload(ctx, some); err != nil {
			return err
		}
		rest = rest[len(some):]
	}
	return nil
}

// Download reads the file that a pointer at path stands for, and checks it: what is not of
// the pointer's size and hash is an error.
func (c *Client) Download(ctx context.Context, p driver.LFSPointer, path string) (content.Content, error) {
	file, err := c.download(ctx, driver.LFSFile{LFSPointer: p, Path: path})
	return file, cmserr.At(err, "", "", path)
}

// distinct leaves out files with the same content as another: batches name each once.
func distinct(files []driver.LFSFile) []driver.LFSFile {
	var out []driver.LFSFile
	seen := map[string]bool{}
	for _, f := range files {
		if !seen[f.OID] {
			seen[f.OID] = true
			out = append(out, f)
		}
	}
	return out
}

func (c *Client) upload(ctx context.Context, files []driver.LFSFile) error {
	objects, err := c.batch(ctx, opUpload, files)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var unproven []driver.LFSFile
	err = few(ctx, len(files), func(ctx context.Context, i int) error {
		proven, err := c.put(ctx, objects[i], files[i])
		if err == nil && !proven {
			mu.Lock()
			defer mu.Unlock()
			unproven = append(unproven, files[i])
		}
		return cmserr.At(err, "", "", files[i].Path)
	})
	if err != nil || len(unproven) == 0 {
		return err
	}
	return c.prove(ctx, unproven)
}

// put sends one file, unless it is there, and has it verified if the server offers that.
func (c *Client) put(ctx context.Context, o object, f driver.LFSFile) (proven bool, err error) {
	err = c.transfer(ctx, opUpload, o, f, func(o object) error {
		if o.transfer.href == "" {
			proven = true // it is there
			return nil
		}
		req, err := c.request(ctx, "PUT", o.transfer, o)
		if err != nil {
			return err
		}
		req.Content, req.Repeatable = f.Content, true
		if req.Header.Get("content-type") == "" {
			req.Header["content-type"] = "application/octet-stream"
		}
		if _, err := c.store(ctx, req); err != nil || o.verify.href == "" {
			return err
		}
		proven = true
		return c.verify(ctx, o, f.LFSPointer)
	})
	return proven, err
}

// verify asks the server whether it has a file that was sent.
func (c *Client) verify(ctx context.Context, o object, p driver.LFSPointer) error {
	req, err := c.request(ctx, "POST", o.verify, o)
	if err != nil {
		return err
	}
	req.Body, req.Repeatable = writePointer(new(rest.JSON), p).Bytes(), true
	req.Header["content-type"], req.Header["accept"] = mediaType, mediaType
	_, err = c.store(ctx, req)
	if cmserr.Is(err, cmserr.NotFound) {
		return c.lost()
	}
	return err
}

// prove finds out whether files are there that the server offered no verification of:
// whether they can be downloaded.
func (c *Client) prove(ctx context.Context, files []driver.LFSFile) error {
	_, err := c.batch(ctx, opDownload, files)
	if cmserr.Is(err, cmserr.NotFound) {
		return cmserr.At(c.lost(), "", "", cmserr.From(err).Path)
	}
	return err
}

func (c *Client) download(ctx context.Context, f driver.LFSFile) (content.Content, error) {
	objects, err := c.batch(ctx, opDownload, []driver.LFSFile{f})
	if err != nil {
		return nil, err
	}
	var file content.Content
	err = c.transfer(ctx, opDownload, objects[0], f, func(o object) error {
		req, err := c.request(ctx, "GET", o.transfer, o)
		if err != nil {
			return err
		}
		req.Refer = true
		res, err := c.store(ctx, req)
		if err == nil {
			file = res.Whole()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	right, err := f.Matches(ctx, file)
	switch {
	case err != nil:
		return nil, err
	case !right:
		return nil, cmserr.New(cmserr.Network, "What "+c.Host+"'s Git LFS storage sent is not the whole file that was "+
			"asked for. Try again; if it stays so, store the file anew.")
	}
	return file, nil
}

// transfer does what an object's links are for, and asks for new ones first if they are out
// of date: many files take their time. Whether they are is seen by a refusal, too.
func (c *Client) transfer(ctx context.Context, op string, o object, f driver.LFSFile, do func(object) error) error {
	if !o.transfer.expired(c.now()) {
		err := do(o)
		if status := cmserr.From(err).Status; err == nil || status != 401 && status != 403 {
			return err
		}
	}
	objects, err := c.batch(ctx, op, []driver.LFSFile{f})
	if err != nil {
		return err
	}
	return do(objects[0])
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// few does n things, some of them at the same time. The first error ends the others.
func few(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	slots := make(chan struct{}, atOnce)
	return rest.Together(ctx, n, func(ctx context.Context, i int) error {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-slots }()
		return do(ctx, i)
	})
}
