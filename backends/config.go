package backends

// Config is the part of a site's CMS configuration that backends read. The names
// are those of Static CMS's documentation, in Go's spelling.
//
// See wasm/hosts for how each host is opened from it.
type Config struct {
	Repo, Branch   string
	APIRoot        string
	ProxyURL       string // proxy: where the server answers, e.g. http://localhost:8081/api/v1
	CMSLabelPrefix string
	SquashMerges   bool
	PreviewContext string
	MediaFolder    string // where the CMS keeps media, from the repository's root
	PublicFolder   string
	UseWorkflow    bool   // publish_mode: editorial_workflow
	InitialStatus  string // of a new draft
	PageSize       int    // entries a page, 0 for DefaultPageSize
}

// DefaultPageSize is how many entries a page of a listing has.
const DefaultPageSize = 20

// branch is the branch that is edited.
func (c Config) branch() string {
	if c.Branch == "" {
		return "main"
	}
	return c.Branch
}
