package backends_test

import (
	"slices"
	"testing"

	"mooring/backends"
)

// TestStatusLabels_ReadTheCMSsOwn: without a prefix the CMS's own backends write the bare
// status.
func TestStatusLabels_ReadTheCMSsOwn(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string][]string{
		"":      {"static-cms/draft", "draft", "static-cms/pending_review", "pending_review", "static-cms/pending_publish", "pending_publish"},
		"site/": {"site/draft", "site/pending_review", "site/pending_publish"},
	} {
		if got := (backends.Config{CMSLabelPrefix: prefix}).StatusLabels(); !slices.Equal(got, want) {
			t.Errorf("prefix %q: %q, want %q", prefix, got, want)
		}
	}
}
