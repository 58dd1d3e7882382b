package fakegitea

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"mooring/backends/fakehost"
)

// TestContents_Race: of commits that are made at once, those that lose are told
// so, and do nothing.
func TestContents_Race(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o      Options
		status int
	}{{Options{}, 403}, {Options{Version: "1.25.0"}, 500}, {Options{Forgejo: true}, 500}} {
		s := open(t, c.o, map[string]string{"a": "A"})
		const writers = 8
		replies := make([]reply, writers)
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				replies[i] = s.asks("owner", "POST", "/repos/owner/repo/contents",
					fmt.Sprintf(`{"branch":"main","message":"m","files":[{"operation":"create","path":"w%d","content":"eA=="}]}`, i))
			})
		}
		all.Wait()
		won := 0
		for _, r := range replies {
			switch r.status {
			case 201:
				won++
			case c.status:
				if text := r.message(t); c.status == 403 && !strings.HasPrefix(text, "cannot lock ref 'refs/heads/main': is at ") {
					t.Error(text)
				}
			default:
				t.Errorf("%d %s", r.status, r.body)
			}
		}
		files, err := s.repo.Files("main")
		if err != nil || won == 0 || len(files) != won+1 {
			t.Errorf("%d won, but there are %d files, %v", won, len(files), err)
		}
	}
}

func TestContents_ExecutableBits(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	by := s.host.Signature(fakehost.User{Login: "owner"})
	if _, err := s.repo.Commit("main", by, "m", fakehost.Change{Path: "run", Mode: 0o100755, Content: []byte("x")},
		fakehost.Change{Path: "link", Mode: 0o120000, Content: []byte("a")}); err != nil {
		t.Fatal(err)
	}
	s.wants(201, "POST", "/contents", `{"branch":"main","files":[{"operation":"update","path":"run","content":"eQ=="}]}`)
	s.wants(201, "POST", "/contents", `{"branch":"main","files":[{"operation":"rename","path":"go","from_path":"run"}]}`)
	s.wants(201, "POST", "/contents", `{"branch":"main","files":[{"operation":"update","path":"new","from_path":"go","content":"eg=="}]}`)
	if r := s.wants(422, "POST", "/contents", `{"branch":"main","files":[{"operation":"update","path":"link","content":"eg=="}]}`); !strings.HasPrefix(r.message(t), "a symbolic link exists") {
		t.Error(r.body)
	}
	files, err := s.repo.Files("main")
	if err != nil || files["new"].Mode != 0o100755 || string(files["new"].Content) != "z" || len(files) != 3 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestContents_LFSSwitchedOff(t *testing.T) {
	t.Parallel()
	for off, want := range map[bool]string{true: "text", false: pointerTo([]byte("text")).String()} {
		s := open(t, Options{NoLFS: off}, map[string]string{".gitattributes": "*.bin filter=lfs\n"})
		s.wants(201, "POST", "/contents", `{"branch":"main","files":[{"operation":"create","path":"x/l.bin","content":"dGV4dA=="}]}`)
		files, err := s.repo.Files("main")
		if err != nil || string(files["x/l.bin"].Content) != want {
			t.Errorf("LFS off %v: %q, %v", off, files["x/l.bin"].Content, err)
		}
		if r := s.wants(200, "GET", "/media/x/l.bin?ref=main", ""); r.body != "text" {
			t.Errorf("LFS off %v: %q", off, r.body)
		}
	}
}

func TestAttributed(t *testing.T) {
	t.Parallel()
	const text = "# large files\n*.bin filter=lfs diff=lfs\n/top.dat filter=lfs\nimg/** filter=lfs -text\nimg/**/*.txt -filter\nsmall.bin !filter\n\nodd\n"
	for file, want := range map[string]bool{"a.bin": true, "x/y.bin": true, "top.dat": true, "x/top.dat": false, "img/a/b.png": true,
		"img/a/b.txt": false, "small.bin": false, "odd": false} {
		if got := attributed(text, file, false); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}
