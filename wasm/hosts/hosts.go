// Package hosts names the hosts that a build of Mooring offers, and opens each
// from a site's configuration. It is where hosts and package backends meet.
package hosts

import (
	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/proxy"
	"mooring/backends/rest"
	"mooring/backends/testrepo"
)

// All is every host, speaking through doer.
func All(doer rest.Doer) []backends.Host {
	return []backends.Host{
		backends.Git("test-repo", openTestRepo),
		backends.Direct("proxy", func(c backends.Config, env backends.Env) (cms.Service, error) {
			return openProxy(c, env, doer)
		}),
	}
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
