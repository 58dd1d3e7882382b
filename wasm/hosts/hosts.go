// Package hosts names the hosts that a build of Mooring offers, and opens each
// from a site's configuration. It is where hosts and package backends meet.
package hosts

import (
	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/github"
	"mooring/backends/proxy"
	"mooring/backends/rest"
	"mooring/backends/testrepo"
)

// All is every host, speaking through doer.
func All(doer rest.Doer) []backends.Host {
	return []backends.Host{
		backends.Git("github", func(c backends.Config, env backends.Env) (driver.Driver, error) {
			return openGitHub(c, env, doer)
		}),
		backends.Git("test-repo", openTestRepo),
		backends.Direct("proxy", func(c backends.Config, env backends.Env) (cms.Service, error) {
			return openProxy(c, env, doer)
		}),
	}
}

func openGitHub(c backends.Config, env backends.Env, doer rest.Doer) (driver.Driver, error) {
	return driverOf(github.Open(github.Config{
		Repo: c.Repo, APIRoot: c.APIRoot, GraphQLRoot: c.GraphQLRoot, AuthScheme: c.AuthScheme,
	}, github.Env{Doer: doer, Token: env.Token, Govern: rest.Options{OnWait: tell(env.Wait)}}))
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
