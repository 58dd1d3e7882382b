package main

import (
	"net/http"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/fakehost/fakegitlab"
)

// address is where one of the two listeners is.
type address struct{ api, web string }

// site is what serves one kind of host.
type site struct {
	kind string // as brokers and configurations have it
	base string // path of the host itself, when it is below one
	api  http.Handler
	web  http.Handler // nil when everything is at one address
	root string       // of the API

	// Of what is in front of the host, if anything is:
	control  http.Handler
	provider string
	upstream string   // root of the host's API
	token    string   // what the host is asked with
	people   []person // who may sign in there
	fill     func()   // fills it, after the host
}

// kinds are the hosts that --host names.
var kinds = map[string]func(h *fakehost.Host, o options, at address) (site, error){
	"github":  openGitHub,
	"gitlab":  openGitLab,
	"gitea":   openGitea,
	"forgejo": openGitea,

	"bitbucket":   openBitbucket,
	"git-gateway": openGateway,
}

func openGitHub(h *fakehost.Host, o options, at address) (site, error) {
	s, err := fakegithub.Open(h, fakegithub.Options{Enterprise: o.enterprise, Web: at.web})
	if err != nil {
		return site{}, err
	}
	root := at.api
	if o.enterprise {
		root += "/api/v3"
	}
	return site{kind: "github", api: s, web: s.Web(), root: root}, nil
}

func openGitLab(h *fakehost.Host, o options, at address) (site, error) {
	s, err := fakegitlab.Open(h, fakegitlab.Options{Root: o.root})
	return site{kind: "gitlab", base: o.root, api: s, root: at.api + o.root + "/api/v4"}, err
}

// openGitea lets pages of any site in, as the server's administrator would have to.
func openGitea(h *fakehost.Host, o options, at address) (site, error) {
	s, err := fakegitea.Open(h, fakegitea.Options{
		Forgejo: o.host == "forgejo", Version: o.version, CORS: &fakegitea.CORS{},
	})
	return site{kind: "gitea", api: s, root: at.api + "/api/v1"}, err
}

// openBitbucket has its store of large files at the other address, as Bitbucket
// has it on another domain.
func openBitbucket(h *fakehost.Host, _ options, at address) (site, error) {
	s, err := fakebitbucket.Open(h, fakebitbucket.Options{Media: at.web})
	return site{kind: "bitbucket", api: s, web: s, root: at.api + "/2.0"}, err
}
