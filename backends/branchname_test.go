package backends_test

import (
	"context"
	"slices"
	"testing"

	"mooring/backends/cms"
)

func TestDrafts_AnySlug(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	for slug, branch := range map[string]string{
		"wait...what": "cms/blog/wait.%2E%2Ewhat", "a~b c?": "cms/blog/a%7Eb%20c%3F", ".hidden/x.": "cms/blog/%2Ehidden/x%2E",
		"x.lock": "cms/blog/x%2Elock", "100%": "cms/blog/100%", "%2E": "cms/blog/%252E", "é/ü.v2": "cms/blog/é/ü.v2",
		"a//b": "cms/blog/a/%2Fb", "a@{b": "cms/blog/a@%7Bb", "blog": "cms/blog/blog",
	} {
		err := s.PersistEntry(ctx, cms.EntryDraft{
			Files: []cms.DataFile{{Path: "blog/" + branch, Slug: slug, Raw: slug}},
		}, cms.PersistOptions{UseWorkflow: true, Collection: "blog", NewEntry: true})
		s.must(err)
		s.wantFile(branch, "blog/"+branch, slug)
		key := cms.Key{Collection: "blog", Slug: slug}
		keys, err := s.Drafts(ctx)
		s.must(err)
		if !slices.Equal(keys, []string{key.String()}) || s.get(key).Slug != slug {
			t.Errorf("%q: drafts are %v", slug, keys)
		}
		s.must(s.DeleteDraft(ctx, key))
	}
	s.byHand("cms/blog/%41", "x.md") // no name that a draft would have
	if keys, err := s.Drafts(ctx); err != nil || len(keys) != 0 {
		t.Errorf("drafts are %v, %v", keys, err)
	}
}
