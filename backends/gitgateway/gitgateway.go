// Package gitgateway is another door to the hosts: Git Gateway, which lets people without
// an account at GitHub, GitLab or Bitbucket edit a repository there. Who is signed in
// comes from an identity service; the gateway has one account of its own for everybody,
// passes a part of the provider's API, and that of one repository only.
//
// The provider is its own package's: its requests go through a door that leads to the
// gateway. Each provider has its file, so that a program links no other. What the gateway
// is asked for: https://github.com/netlify/git-gateway.
package gitgateway

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Config is what a site says of its gateway.
type Config struct {
	// URL is the gateway's, absolute and without the provider's name at its end, e.g.
	// "https://example.com/.netlify/git".
	URL string
	// UseWorkflow says that the site has the editorial workflow, for which not every gateway
	// passes enough.
	UseWorkflow bool
	// Labels are the texts that stand for a draft's status where a provider has no labels.
	Labels []string
	// Identity is who is signed in, and so the author of commits.
	Identity driver.User
	// LargeMediaURL is where large files are kept, absolute, e.g.
	// "https://example.com/.netlify/large-media"; "" for nowhere.
	LargeMediaURL string
	// ShrinkImages shows images smaller than they are, which that service can do.
	ShrinkImages bool
	// NetlifyAPI is "" for Netlify's own.
	NetlifyAPI string
}

// Env is what the driver gets from where it runs.
type Env struct {
	Doer rest.Doer
	// Token is the JWT of whoever is signed in, "" for nobody.
	Token func(ctx context.Context) (string, error)
	// Renew is another JWT than the one that was refused; nil where there is none.
	Renew func(ctx context.Context, refused string) (string, error)
	// Govern is how the gateway is treated, and who hears of waits. Zero is fine.
	Govern rest.Options
}

// check refuses an address that leads nowhere, and takes what is too much off it.
func (c Config) check() (Config, error) {
	for name, url := range map[string]*string{"gateway_url": &c.URL, "large_media_url": &c.LargeMediaURL} {
		*url = strings.TrimRight(*url, "/")
		if *url == "" && name == "large_media_url" {
			continue
		}
		if !strings.HasPrefix(*url, "https://") && !strings.HasPrefix(*url, "http://") {
			return c, cmserr.New(cmserr.Invalid, "`backend."+name+"` must lead to a whole address such as "+
				"“https://example.com/.netlify/git”, not to “"+*url+"”.")
		}
	}
	return c, nil
}

// guest is a provider's driver for who has no account there.
type guest struct {
	driver.Driver
	identity driver.User
	token    func(context.Context) (string, error)
}

// User implements driver.Driver.
func (g *guest) User(ctx context.Context) (driver.User, error) {
	if err := ctx.Err(); err != nil {
		return driver.User{}, cmserr.From(err)
	}
	token, err := g.token(ctx)
	switch {
	case err != nil:
		return driver.User{}, err
	case token == "":
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody is signed in. Sign in again.")
	}
	return g.identity, nil
}

// Access implements driver.Driver. Whoever the gateway lets in may write; it does not
// tell which branch is the default.
func (g *guest) Access(ctx context.Context) (driver.Access, error) {
	_, err := g.User(ctx)
	return driver.Access{Read: err == nil, Write: err == nil}, err
}

// Commit implements driver.Driver. The provider would take the gateway's own account for
// the author.
func (g *guest) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	if c.Author == nil && g.identity.Email != "" {
		c.Author = &driver.Author{Name: g.identity.Name, Email: g.identity.Email}
	}
	return g.Driver.Commit(ctx, c)
}
