package hosts

import (
	"mooring/backends"
	"mooring/backends/driver"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
)

// GitGatewayGitHub is the host git-gateway before GitHub.
func GitGatewayGitHub(doer rest.Doer) backends.Host { return gitGateway(doer, gitgateway.OpenGitHub) }

// GitGatewayGitLab is the host git-gateway before GitLab.
func GitGatewayGitLab(doer rest.Doer) backends.Host { return gitGateway(doer, gitgateway.OpenGitLab) }

// GitGatewayBitbucket is the host git-gateway before Bitbucket.
func GitGatewayBitbucket(doer rest.Doer) backends.Host {
	return gitGateway(doer, gitgateway.OpenBitbucket)
}

type openGateway func(gitgateway.Config, gitgateway.Env) (driver.Driver, error)

func gitGateway(doer rest.Doer, open openGateway) backends.Host {
	return backends.Git("git-gateway", func(c backends.Config, env backends.Env) (driver.Driver, error) {
		return open(gatewayConfig(c), gitgateway.Env{
			Doer: doer, Token: env.Token, Renew: env.Renew, Govern: rest.Options{OnWait: tell(env.Wait)},
		})
	})
}

func gatewayConfig(c backends.Config) gitgateway.Config {
	who := c.Gateway.Identity
	return gitgateway.Config{
		URL: c.Gateway.URL, UseWorkflow: c.UseWorkflow, Labels: c.StatusLabels(),
		Identity:      driver.User{Login: who.Login, Name: who.Name, Email: who.Email, AvatarURL: who.AvatarURL},
		LargeMediaURL: c.Gateway.LargeMediaURL, ShrinkImages: c.Gateway.ShrinkImages,
	}
}
