// Package pretty stands in for github.com/tidwall/pretty, which links
// encoding/json into the browser module although only gjson's @pretty and @ugly
// modifiers need it. Mooring uses no modifier, so JSON is handed back as it is.
package pretty

// Options are the options that gjson fills in.
type Options struct {
	Width    int
	Prefix   string
	Indent   string
	SortKeys bool
}

// DefaultOptions is what gjson copies before it fills in its own.
var DefaultOptions = &Options{Width: 80, Indent: "  "}

// Pretty returns json unchanged.
func Pretty(json []byte) []byte { return json }

// PrettyOptions returns json unchanged.
func PrettyOptions(json []byte, _ *Options) []byte { return json }

// Ugly returns json unchanged: it is valid either way.
func Ugly(json []byte) []byte { return json }
