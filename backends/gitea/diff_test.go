package gitea

import (
	"strings"
	"testing"

	"mooring/backends/driver"
)

const diffOfAll = `diff --git a/new.md b/new.md
new file mode 100644
index 0000000..5e71c1d
--- /dev/null
+++ b/new.md
@@ -0,0 +1,2 @@
+one
+two
\ No newline at end of file
diff --git a/with space.md b/with space.md
index 1111111..2222222 100644
--- a/with space.md	
+++ b/with space.md	
@@ -1,3 +1,3 @@ heading
 a
-b
+B
 c
@@ -9 +9,2 @@
 x
+y
diff --git "a/quote\"\303\274.md" "b/quote\"\303\274.md"
deleted file mode 100644
index 3333333..0000000
--- "a/quote\"\303\274.md"
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/from.md b/sub/to.md
similarity index 100%
rename from from.md
rename to sub/to.md
diff --git a/pic.png b/pic.png
new file mode 100644
index 0000000..4444444
Binary files /dev/null and b/pic.png differ
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/empty b/empty
new file mode 100644
index 0000000..e69de29
`

func TestParseDiff_ReadsWhatGitWrites(t *testing.T) {
	t.Parallel()
	got, ok := parseDiff(diffOfAll)
	want := []delta{
		{status: driver.Added, path: "new.md", newID: "5e71c1d"},
		{status: driver.Modified, path: "with space.md", oldID: "1111111", newID: "2222222"},
		{status: driver.Deleted, path: `quote"ü.md`, oldID: "3333333"},
		{status: driver.Renamed, path: "sub/to.md"},
		{status: driver.Added, path: "pic.png", newID: "4444444"},
		{status: driver.Modified, path: "run.sh"},
		{status: driver.Added, path: "empty", newID: "e69de29"},
	}
	if !ok || len(got) != len(want) {
		t.Fatalf("%v, %d files", ok, len(got))
	}
	for i, w := range want {
		g := got[i]
		if g.status != w.status || g.path != w.path || !strings.HasPrefix(g.newID, w.newID) {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	if got[3].oldPath != "from.md" {
		t.Errorf("renamed from %q", got[3].oldPath)
	}
	for i, text := range map[int]string{0: "one\ntwo", 6: ""} {
		if made, ok := got[i].apply(nil); !ok || string(made) != text {
			t.Errorf("%s is %q, %v", got[i].path, made, ok)
		}
	}
	if _, ok := got[4].apply(nil); ok {
		t.Error("a picture has a text")
	}
	made, ok := got[1].apply([]byte("a\nb\nc\n4\n5\n6\n7\n8\nx\n10"))
	if !ok || string(made) != "a\nB\nc\n4\n5\n6\n7\n8\nx\ny\n10" {
		t.Errorf("%q, %v", made, ok)
	}
}

func TestParseDiff_RefusesAnythingElse(t *testing.T) {
	t.Parallel()
	head := "diff --git a/a b/a\nindex 1..2 100644\n--- a/a\n+++ b/a\n"
	for name, text := range map[string]string{
		"HTML": "<html>", "no names": "diff --git \n", "cut off": head + "@@ -1,2 +1,2 @@\n-a\n",
		"no range": head + "@@ here @@\n", "binary": "diff --git a/a b/a\nindex 1..2\nGIT binary patch\nliteral 0\n",
		"open quotes": "diff --git \"a/a b/a\n", "odd line": head + "@@ -1 +1 @@\n?a\n", "bad escape": "diff --git \"a/\\9\" \"b/\\9\"\n",
		"two names": "diff --git a/x b/yy\n",
	} {
		if deltas, ok := parseDiff(text); ok {
			t.Errorf("%s: %+v", name, deltas)
		}
	}
}

func TestApply_RefusesAnotherText(t *testing.T) {
	t.Parallel()
	got, ok := parseDiff(diffOfAll)
	if !ok {
		t.Fatal("no diff")
	}
	for _, old := range []string{"", "a\nb\n", "a\nX\nc\n4\n5\n6\n7\n8\nx\n", "a\nb\nc"} {
		if made, ok := got[1].apply([]byte(old)); ok {
			t.Errorf("%q became %q", old, made)
		}
	}
}

func FuzzParseDiff(f *testing.F) {
	f.Add(diffOfAll, "a\nb\nc\n")
	f.Add("diff --git a/a b/a\nindex 1..2\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n\\ No newline\n+b\n", "a")
	f.Fuzz(func(t *testing.T, text, old string) {
		deltas, ok := parseDiff(text)
		if !ok && deltas != nil {
			t.Error("half a diff")
		}
		for _, d := range deltas {
			if made, ok := d.apply([]byte(old)); !ok && made != nil {
				t.Error("half a text")
			}
		}
	})
}
