package cms_test

import (
	"testing"

	"mooring/backends/cms"
)

func TestParseKey_SlugsMayHaveSlashes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]cms.Key{
		"posts/hello":      {Collection: "posts", Slug: "hello"},
		"pages/about/team": {Collection: "pages", Slug: "about/team"},
		"blog/blog":        {Collection: "blog", Slug: "blog"},
	} {
		key, ok := cms.ParseKey(in)
		if !ok || key != want || key.String() != in {
			t.Errorf("%q: %+v, %v", in, key, ok)
		}
	}
	for _, in := range []string{"", "posts", "/hello", "posts/"} {
		if key, ok := cms.ParseKey(in); ok {
			t.Errorf("%q is taken for %+v", in, key)
		}
	}
}

func TestDataFile_Moves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file   cms.DataFile
		target string
		moves  bool
	}{
		{cms.DataFile{Path: "a"}, "a", false},
		{cms.DataFile{Path: "a", NewPath: "a"}, "a", false},
		{cms.DataFile{Path: "a", NewPath: "b"}, "b", true},
	} {
		if c.file.Target() != c.target || c.file.Moves() != c.moves {
			t.Errorf("%+v: %q, %v", c.file, c.file.Target(), c.file.Moves())
		}
	}
}
