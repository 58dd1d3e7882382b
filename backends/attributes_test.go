package backends

import (
	"slices"
	"testing"
)

func TestAttributes_Match(t *testing.T) {
	t.Parallel()
	for pattern, c := range map[string]struct{ yes, no []string }{
		"*.png":        {[]string{"a.png", "x/y/a.png", ".png"}, []string{"a.png.txt", "a.PNG", "png"}},
		"/*.png":       {[]string{"a.png"}, []string{"x/a.png"}},
		"x/*.png":      {[]string{"x/a.png"}, []string{"a.png", "x/y/a.png", "z/x/a.png"}},
		"**/x/*.png":   {[]string{"x/a.png", "y/x/a.png", "y/z/x/a.png"}, []string{"x/y/a.png"}},
		"x/**":         {[]string{"x/a", "x/y/a"}, []string{"x", "y/x/a"}},
		"x/**/a":       {[]string{"x/a", "x/y/a", "x/y/z/a"}, []string{"x/ya", "a"}},
		"**":           {[]string{"a", "x/a"}, nil},
		"a?c":          {[]string{"abc", "x/abc"}, []string{"ac", "abbc"}},
		"[a-c]1":       {[]string{"a1", "x/c1"}, []string{"d1", "1"}},
		"[!a-c]1":      {[]string{"d1"}, []string{"a1"}},
		"[^a-c]1":      {[]string{"d1"}, []string{"a1"}},
		"[a":           {nil, []string{"[a", "a"}},
		`\*.md`:        {[]string{"*.md"}, []string{"a.md"}},
		"media/a b.md": {[]string{"media/a b.md"}, []string{"a b.md"}},
		"ü*":           {[]string{"über", "x/ü"}, []string{"uber"}},
	} {
		for _, p := range c.yes {
			if !matches(pattern, p) {
				t.Errorf("%q does not match %q", pattern, p)
			}
		}
		for _, p := range c.no {
			if matches(pattern, p) {
				t.Errorf("%q matches %q", pattern, p)
			}
		}
	}
}

func TestParseAttributes_Lines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]attributeRule{
		"*.png filter=lfs diff=lfs merge=lfs -text\r": {{"*.png", true}},
		"\t*.png\tfilter=lfs":                         {{"*.png", true}},
		"*.png -filter":                               {{"*.png", false}},
		"*.png !filter":                               {{"*.png", false}},
		"*.png filter":                                {{"*.png", false}},
		"*.png filter=crypt":                          {{"*.png", false}},
		"*.png -filter filter=lfs":                    {{"*.png", true}},
		"*.png filter=lfs -filter":                    {{"*.png", false}},
		"*.png text eol=lf filtered=lfs":              nil,
		"*.png":                                       nil,
		"# *.png filter=lfs":                          nil,
		"!*.png filter=lfs":                           nil,
		"[attr]big filter=lfs":                        nil,
		"media/ filter=lfs":                           nil,
		`"a b.png" filter=lfs`:                        {{"a b.png", true}},
		`"a\"\\\303\274\t.png" filter=lfs`:            {{"a\"\\ü\t.png", true}},
		`"a\q" filter=lfs`:                            {{"aq", true}},
		`"open filter=lfs`:                            nil,
		"":                                            nil,
	} {
		if got := parseAttributes("\n" + line + "\n"); !slices.Equal(got, want) {
			t.Errorf("%q: %v; want %v", line, got, want)
		}
	}
}

func TestAttributes_LastMatchCounts(t *testing.T) {
	t.Parallel()
	a := attributes{
		".gitattributes":       parseAttributes("*.png filter=lfs\n*.svg filter=lfs\nsmall.png -filter"),
		"media/.gitattributes": parseAttributes("*.svg !filter\n/top.md filter=lfs"),
		"media/x/.gitattributes": parseAttributes(
			"small.png filter=lfs\n*.png text"),
	}
	for p, want := range map[string]bool{
		"a.png": true, "media/a.png": true, "media/x/y/a.png": true, "small.png": false, "media/small.png": false,
		"media/x/small.png": true, "a.svg": true, "media/a.svg": false, "media/x/a.svg": false,
		"top.md": false, "media/top.md": true, "media/x/top.md": false,
	} {
		if got := a.lfs(p); got != want {
			t.Errorf("%s: %v; want %v", p, got, want)
		}
	}
}

func FuzzAttributes(f *testing.F) {
	f.Add("*.png filter=lfs\n", "a/b.png")
	f.Add(`"a\303\274 [!x]**" filter=lfs`, "a")
	f.Fuzz(func(_ *testing.T, text, p string) {
		if len(text)+len(p) < 1000 { // patterns of many ** take their time
			attributes{".gitattributes": parseAttributes(text)}.lfs(p)
		}
	})
}
