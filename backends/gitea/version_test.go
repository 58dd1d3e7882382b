package gitea

import (
	"testing"

	"github.com/tidwall/gjson"
)

func TestParseVersion_KnowsWhichServer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ renames, swaps, forgejo bool }{
		"1.22.6":                  {},
		"1.24.0":                  {},
		"1.25.0+rc1":              {renames: true},
		"v1.26.0":                 {renames: true, swaps: true},
		"1.27.0+dev-12-gabcdef":   {renames: true, swaps: true},
		"2.0.0":                   {renames: true, swaps: true},
		"development":             {renames: true, swaps: true},
		"9.0.3+gitea-1.22.0":      {forgejo: true},
		"14.0.0~dev+gitea-1.22.0": {forgejo: true},
	} {
		v := parseVersion(text)
		if v.renames() != want.renames || v.swaps() != want.swaps || v.forgejo != want.forgejo {
			t.Errorf("%s: %+v", text, v)
		}
	}
}

func TestDecodeVersion_RefusesOtherServers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `[]`, `{"version":""}`} {
		if _, err := decodeVersion(gjson.Parse(body)); err == nil {
			t.Errorf("%s is taken for a version", body)
		}
	}
}
