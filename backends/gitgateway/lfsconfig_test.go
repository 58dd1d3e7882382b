package gitgateway

import "testing"

func TestLFSURL_OfConfigurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[lfs]\n\turl = https://a.netlify.app/.netlify/large-media\n": "https://a.netlify.app/.netlify/large-media",
		"[LFS]\r\nURL=https://a.example\r\n":                          "https://a.example",
		"[lfs] url = \"https://a.example/x#y\" ; a comment":           "https://a.example/x#y",
		"[lfs]\nurl = https://a.example # a comment":                  "https://a.example",
		"[lfs]\nurl = https://a.example\nurl = https://b.example":     "https://b.example",
		"[lfs]\n# url = https://a.example":                            "",
		"[remote]\nurl = https://a.example":                           "",
		"[lfs \"https://other\"]\nurl = https://a.example":            "",
		"url = https://a.example":                                     "",
		"[lfs]\nurl":                                                  "",
		"[lfs":                                                        "",
		"":                                                            "",
	} {
		if got := lfsURL(text); got != want {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}

func TestIsLargeMedia_ByItsAddress(t *testing.T) {
	t.Parallel()
	const configured = "https://media.example/large-media"
	for url, want := range map[string]bool{
		"https://79ce1332.netlify.com/.netlify/large-media": true,
		"https://site.netlify.app:443/.netlify/large-media": true,
		"https://SITE.Netlify.App/x":                        true,
		configured:                                          true,
		configured + "/":                                    true,
		"https://notnetlify.com/x":                          false,
		"https://netlify.com.evil.example/x":                false,
		"https://github.com/o/r.git/info/lfs":               false,
		"netlify.app":                                       false,
		"":                                                  false,
	} {
		if got := isLargeMedia(url, configured); got != want {
			t.Errorf("%q: %v", url, got)
		}
	}
}
