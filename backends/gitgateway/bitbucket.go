package gitgateway

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/bitbucket"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// overBitbucket is what can be done at Bitbucket through the gateway. Netlify's passes
// files alone, others more: what is not files is tried, and fails with a sentence where
// it is not passed.
type overBitbucket struct {
	*guest
	driver.TreeUpdater
	driver.TreeBeginner
	driver.Brancher
	driver.BranchLister
	driver.PullRequester
	driver.PullFiler
	driver.Labeler
	driver.Comparer
	driver.PushChecker
	driver.StatusReader
	driver.MetadataReader
	*largeMedia
	*netlify

	useWorkflow bool
}

var (
	_ driver.LFSChooser  = (*overBitbucket)(nil)
	_ driver.Thumbnailer = (*overBitbucket)(nil)
	_ driver.Previewer   = (*overBitbucket)(nil)
)

// OpenBitbucket makes the driver of the repository at Bitbucket that a gateway leads to.
// Nothing is asked of it yet.
func OpenBitbucket(cfg Config, env Env) (driver.Driver, error) {
	cfg, err := cfg.check()
	if err != nil {
		return nil, err
	}
	root, tried := cfg.URL+"/bitbucket", &trials{}
	repo, err := bitbucket.Open(bitbucket.Config{Repo: nobody + "/" + nobody, APIRoot: root, Labels: cfg.Labels}, bitbucket.Env{
		Doer: &door{
			next: env.renewing(), provider: "Bitbucket", root: root,
			inside: "/repositories/" + nobody + "/" + nobody,
			passes: bitbucketPasses, via: tried.send, isFile: isBitbucketFile, pages: true,
			why: " Before Bitbucket, Netlify's passes files alone: set `publish_mode: simple`, or use a gateway that passes " +
				"branches and pull requests.",
		},
		Token: env.Token, Govern: env.Govern,
	})
	if err != nil {
		return nil, err
	}
	return &overBitbucket{
		guest:       &guest{repo, cfg.Identity, env.Token},
		TreeUpdater: repo, TreeBeginner: repo, Brancher: repo, BranchLister: repo, PullRequester: repo, PullFiler: repo,
		Labeler: repo, Comparer: repo, PushChecker: repo, StatusReader: repo, MetadataReader: repo,
		largeMedia: newLargeMedia(repo, cfg, env), netlify: newNetlify(cfg, env),
		useWorkflow: cfg.UseWorkflow,
	}, nil
}

// Access implements driver.Driver. That there can be no workflow is told at once: later
// the CMS shows nobody why a draft can't be saved.
func (o *overBitbucket) Access(ctx context.Context) (driver.Access, error) {
	a, err := o.guest.Access(ctx)
	if err != nil || !o.useWorkflow {
		return a, err
	}
	_, err = o.Pull(ctx, nobody, nobody)
	if err != nil && !cmserr.Is(err, cmserr.NotFound) {
		return driver.Access{}, err
	}
	return a, nil
}

// bitbucketPasses knows of files what comes through. The gateway unescapes slashes, so
// that it cuts the name of a branch in two.
func bitbucketPasses(path string) bool {
	what, rest, _ := strings.Cut(path, "/")
	commit, _, _ := strings.Cut(rest, "/")
	return what != "src" || !strings.Contains(commit, "%2F")
}

// isBitbucketFile says whether a path is that of what a file holds.
func isBitbucketFile(path string) bool {
	return strings.HasPrefix(path, "src/") && !strings.ContainsRune(path, '?') && !strings.HasSuffix(path, "/")
}

// trials remember which parts of the API the gateway passes. Of those who want to know at
// the same time one asks.
type trials struct {
	mu sync.Mutex
	of map[string]*trial // by the beginning of a path
}

type trial struct {
	mu             sync.Mutex
	known, refused bool
}

func (t *trials) get(path string) *trial {
	what, _, _ := strings.Cut(strings.TrimSuffix(path, "/"), "/")
	what, _, _ = strings.Cut(what, "?")
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[string]*trial{}
	}
	if t.of[what] == nil {
		t.of[what] = &trial{}
	}
	return t.of[what]
}

// send does not ask again for what was refused.
func (t *trials) send(ctx context.Context, d *door, req *rest.Request, path string) (*rest.Response, error) {
	trial := t.get(path)
	trial.mu.Lock()
	if trial.known {
		trial.mu.Unlock()
		if trial.refused {
			return nil, d.notPassed()
		}
		return sendWhole(ctx, d, req, path)
	}
	defer trial.mu.Unlock()
	res, err := sendWhole(ctx, d, req, path)
	trial.refused = cmserr.Is(err, cmserr.Unsupported)
	trial.known = err == nil || trial.refused
	return res, err
}

// sendWhole makes sure that a file comes as it is. Netlify's gateway takes JSON files for
// answers of the API: it writes objects anew, and leaves nothing of lists.
// https://github.com/netlify/git-gateway/blob/master/api/bitbucket.go
func sendWhole(ctx context.Context, d *door, req *rest.Request, path string) (*rest.Response, error) {
	res, err := d.send(ctx, req, path)
	if err != nil || !res.OK() || !res.IsJSON() || !isBitbucketFile(path) {
		return res, err
	}
	meta, err := d.send(ctx, &rest.Request{Method: "GET", Header: req.Header}, path+"?format=meta&fields=size")
	if err != nil {
		return nil, err
	}
	size := gjson.GetBytes(meta.Body, "size")
	if meta.OK() && size.Exists() && size.String() != strconv.Itoa(len(res.Body)) {
		return nil, cmserr.New(cmserr.Unsupported, "Git Gateway changes JSON files from Bitbucket on their way, so the file can't "+
			"be read as it is. Keep it in another format, such as YAML, or use a gateway that leaves files alone.")
	}
	return res, nil
}
