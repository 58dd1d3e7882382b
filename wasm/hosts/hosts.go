// Package hosts opens each host that Mooring has from a site's configuration. It is
// where hosts and package backends meet.
package hosts

import (
	"strings"

	"mooring/backends"
	"mooring/backends/bitbucket"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/gitea"
	"mooring/backends/github"
	"mooring/backends/gitlab"
	"mooring/backends/proxy"
	"mooring/backends/rest"
	"mooring/backends/testrepo"
)

// GitHub is the host github.
func GitHub(doer rest.Doer) backends.Host {
	return backends.Git("github", func(c backends.Config, env backends.Env) (driver.Driver, error) {
		return openGitHub(c, env, doer)
	})
}

// GitLab is the host gitlab.
func GitLab(doer rest.Doer) backends.Host {
	return backends.Git("gitlab", func(c backends.Config, env backends.Env) (driver.Driver, error) {
		return openGitLab(c, env, doer)
	})
}

// Bitbucket is the host bitbucket.
func Bitbucket(doer rest.Doer) backends.Host {
	return backends.Git("bitbucket", func(c backends.Config, env backends.Env) (driver.Driver, error) {
		return openBitbucket(c, env, doer)
	})
}

// Gitea is the host gitea, which Forgejo is as well.
func Gitea(doer rest.Doer) backends.Host {
	return backends.Git("gitea", func(c backends.Config, env backends.Env) (driver.Driver, error) {
		return openGitea(c, env, doer)
	})
}

// TestRepo is the host test-repo, which keeps a repository in memory.
func TestRepo(rest.Doer) backends.Host { return backends.Git("test-repo", openTestRepo) }

// Proxy is the host proxy, a server beside a local clone.
func Proxy(doer rest.Doer) backends.Host {
	return backends.Direct("proxy", func(c backends.Config, env backends.Env) (cms.Service, error) {
		return openProxy(c, env, doer)
	})
}

// renewing leads to a host, with a new token when the one that there is has ended.
func renewing(doer rest.Doer, env backends.Env) rest.Doer {
	return &rest.Renewing{Next: doer, Renew: env.Renew}
}

func openGitHub(c backends.Config, env backends.Env, doer rest.Doer) (driver.Driver, error) {
	return driverOf(github.Open(github.Config{
		Repo: c.Repo, APIRoot: c.APIRoot, GraphQLRoot: c.GraphQLRoot, AuthScheme: c.AuthScheme,
	}, github.Env{Doer: renewing(doer, env), Token: env.Token, Govern: rest.Options{OnWait: tell(env.Wait)}}))
}

func openGitLab(c backends.Config, env backends.Env, doer rest.Doer) (driver.Driver, error) {
	return driverOf(gitlab.Open(gitlab.Config{
		Repo: c.Repo, APIRoot: c.APIRoot, GraphQLRoot: c.GraphQLRoot, AuthScheme: c.AuthScheme,
	}, gitlab.Env{Doer: renewing(doer, env), Token: env.Token, Govern: rest.Options{OnWait: tell(env.Wait)}}))
}

func openBitbucket(c backends.Config, env backends.Env, doer rest.Doer) (driver.Driver, error) {
	return driverOf(bitbucket.Open(bitbucket.Config{
		Repo: c.Repo, APIRoot: c.APIRoot, AuthScheme: c.AuthScheme, Labels: c.StatusLabels(), LFSRoot: c.LargeMediaURL,
	}, bitbucket.Env{Doer: renewing(doer, env), Token: env.Token, Govern: rest.Options{OnWait: tell(env.Wait)}}))
}

func openGitea(c backends.Config, env backends.Env, doer rest.Doer) (driver.Driver, error) {
	return driverOf(gitea.Open(gitea.Config{
		Repo: c.Repo, APIRoot: giteaRoot(c), AuthScheme: c.AuthScheme,
	}, gitea.Env{Doer: renewing(doer, env), Token: env.Token, Govern: rest.Options{OnWait: tell(env.Wait)}}))
}

// giteaRoot is where the API is: the CMS's own backend has to be told that beside the
// server's address, which says it already.
func giteaRoot(c backends.Config) string {
	if c.APIRoot != "" || c.BaseURL == "" {
		return c.APIRoot
	}
	return strings.TrimRight(c.BaseURL, "/") + "/api/v1"
}

// tell carries a governor's waits to whoever shows them.
func tell(wait func(backends.Waiting)) func(rest.Wait) {
	if wait == nil {
		return nil
	}
	return func(w rest.Wait) { wait(backends.Waiting{Reason: w.Reason, Until: w.Until}) }
}

// driverOf keeps a nil *Repo from becoming a Driver that is not nil.
func driverOf[D driver.Driver](d D, err error) (driver.Driver, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}

func openTestRepo(c backends.Config, env backends.Env) (driver.Driver, error) {
	return testrepo.Open(testrepo.Options{Branch: c.Branch, Files: env.Files, OnChange: env.OnFiles}), nil
}

func openProxy(c backends.Config, env backends.Env, doer rest.Doer) (cms.Service, error) {
	client, err := proxy.Open(proxy.Options{
		URL: c.ProxyURL, Branch: c.Branch, MediaFolder: c.MediaFolder,
		PublicFolder: c.PublicFolder, CMSLabelPrefix: c.CMSLabelPrefix,
		UseWorkflow: c.UseWorkflow, Report: env.Report,
	}, doer)
	if err != nil {
		// A nil *Client must not become a cms.Service that is not nil.
		return nil, err
	}
	return client, nil
}
