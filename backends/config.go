package backends

import (
	"strings"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

// Config is the part of a site's CMS configuration that backends read. The names
// are those of Static CMS's documentation, in Go's spelling.
//
// See wasm/hosts for how each host is opened from it.
type Config struct {
	Repo, Branch   string
	APIRoot        string
	BaseURL        string // base_url: the server itself, of which Gitea's APIRoot is derived
	GraphQLRoot    string // graphql_api_root: where GraphQL answers, "" to derive it from APIRoot
	AuthScheme     string // auth_scheme: before the token, "token" or "Bearer"; "" is the host's own
	OpenAuthoring  bool   // open_authoring: who may not write works on a fork
	AlwaysFork     bool   // always_fork: with OpenAuthoring, even who may write does
	ProxyURL       string // proxy: where the server answers, e.g. http://localhost:8081/api/v1
	CMSLabelPrefix string // of the labels that hold a draft's status, "" for DefaultLabelPrefix
	SquashMerges   bool
	PreviewContext string
	MediaFolder    string // where the CMS keeps media, from the repository's root
	PublicFolder   string
	UseWorkflow    bool   // publish_mode: editorial_workflow
	InitialStatus  string // of a new draft
	LargeMediaURL  string // large_media_url: where Git LFS answers, "" for the host's own
	Gateway        Gateway
}

// Gateway is what git-gateway has instead of Repo and APIRoot.
type Gateway struct {
	URL           string   // gateway_url: absolute, without the provider's name at its end
	LargeMediaURL string   // large_media_url: absolute
	ShrinkImages  bool     // use_large_media_transforms_in_media_library
	Identity      cms.User // who is signed in, and so the author of commits
}

// DefaultLabelPrefix marks the labels that are the CMS's own. An empty prefix would
// make every label one of them.
const DefaultLabelPrefix = "static-cms/"

// check refuses what would fail at the first save.
func (c Config) check() error {
	if c.InitialStatus != "" && !knownStatus(c.InitialStatus) {
		return cmserr.New(cmserr.Invalid, "The initial workflow status "+quote(c.InitialStatus)+
			" is not one of draft, pending_review and pending_publish.")
	}
	if c.OpenAuthoring && !c.UseWorkflow {
		return cmserr.New(cmserr.Invalid, "`open_authoring` needs the editorial workflow: what a contributor writes "+
			"is a draft until it is published. Set `publish_mode: editorial_workflow`, or take `open_authoring` out.")
	}
	if _, err := cleanFolder("open", "media_folder", c.MediaFolder); err != nil {
		return err
	}
	return nil
}

// branch is the branch that is edited.
func (c Config) branch() string {
	if c.Branch == "" {
		return "main"
	}
	return c.Branch
}

func (c Config) labelPrefix() string {
	if c.CMSLabelPrefix == "" {
		return DefaultLabelPrefix
	}
	return c.CMSLabelPrefix
}

// statusOf is the status that a label stands for. Where no prefix is configured the
// CMS's own backends call labels as the statuses: their drafts are read as well.
func (c Config) statusOf(label string) (status string, ours bool) {
	status, ours = strings.CutPrefix(label, c.labelPrefix())
	if !ours && c.CMSLabelPrefix == "" {
		status, ours = label, knownStatus(label)
	}
	return status, ours
}

// StatusLabels are the labels that say a draft's status, for hosts that keep labels in
// comments.
func (c Config) StatusLabels() []string {
	var labels []string
	for _, s := range []string{cms.StatusDraft, cms.StatusPendingReview, cms.StatusPendingPublish} {
		labels = append(labels, c.labelPrefix()+s)
		if _, bare := c.statusOf(s); bare {
			labels = append(labels, s)
		}
	}
	return labels
}

// newStatus is the status of a new draft. The CMS asks for "draft" unless it means
// something else, so only another wish of its own wins over the configuration.
func (c Config) newStatus(asked string) string {
	switch {
	case asked != "" && asked != cms.StatusDraft:
		return asked
	case c.InitialStatus != "":
		return c.InitialStatus
	}
	return cms.StatusDraft
}

func knownStatus(s string) bool {
	return s == cms.StatusDraft || s == cms.StatusPendingReview || s == cms.StatusPendingPublish
}
