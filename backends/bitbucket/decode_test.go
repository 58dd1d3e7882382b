package bitbucket

import (
	"testing"

	"mooring/backends/driver"
)

func driverRef(id string) driver.BlobRef { return driver.BlobRef{ID: id} }

func TestPlaceOf_ReadsIDs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ref  driver.BlobRef
		want place
	}{
		"an id":              {driver.BlobRef{ID: idOf("c1", "a/b.md", false), Path: "x", Commit: "y"}, place{commit: "c1", path: "a/b.md"}},
		"a colon in a path":  {driverRef(idOf("c1", "a:b.md", false)), place{commit: "c1", path: "a:b.md"}},
		"a plus in a path":   {driverRef(idOf("c1", "a+lfs:b.md", false)), place{commit: "c1", path: "a+lfs:b.md"}},
		"a large file":       {driverRef(idOf("c1", "a:b.png", true)), place{commit: "c1", path: "a:b.png", large: true}},
		"no id":              {driver.BlobRef{Path: "a.md", Commit: "c1"}, place{commit: "c1", path: "a.md"}},
		"another host's id":  {driver.BlobRef{ID: "0123456789", Path: "a.md", Commit: "c1"}, place{commit: "c1", path: "a.md"}},
		"an id without path": {driver.BlobRef{ID: "c2:", Path: "a.md", Commit: "c1"}, place{commit: "c1", path: "a.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := placeOf(c.ref); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestGlobs_AsRestrictionsHaveThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"main", "main", true}, {"main", "main2", false}, {"*", "anything/at/all", true}, {"*", "", true},
		{"release/*", "release/1", true}, {"release/*", "releases", false}, {"*fix", "hotfix", true}, {"*fix", "fixed", false},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "aXcYb", false}, {"a*b", "ab", true}, {"", "main", false},
	} {
		if got := globs(c.pattern, c.name); got != c.want {
			t.Errorf("%q fits %q: %v", c.name, c.pattern, got)
		}
	}
}

func TestQuery_SaysWhatItCan(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		is("name", "cms/a b"):               `name = "cms/a b"`,
		is("name", `cms/say "hi" to`):       `name ~ "cms/say "`,
		has("name", `a\bc"`):                `name ~ "bc"`,
		allOf("a", anyOf("b", "c"), "d"):    "a AND (b OR c) AND d",
		is("name", `""`):                    `name ~ ""`,
		is("destination.branch.name", "dé"): `destination.branch.name = "dé"`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestHere_StaysAtTheAPI(t *testing.T) {
	t.Parallel()
	a := &api{}
	a.Root = "https://gateway.example/bitbucket"
	for url, want := range map[string]string{
		"": "",
		"https://api.bitbucket.org/2.0/repositories/a/b/src/c/?page=x":  "https://gateway.example/bitbucket/repositories/a/b/src/c/?page=x",
		"https://api.bitbucket.org/2.0/repositories/a/repositories/src": "https://gateway.example/bitbucket/repositories/a/repositories/src",
		"https://elsewhere.example/other":                               "https://elsewhere.example/other",
	} {
		if got := a.here(url); got != want {
			t.Errorf("%s is asked for at %s, want %s", url, got, want)
		}
	}
}
