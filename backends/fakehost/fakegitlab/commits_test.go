package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// commit is the body of a commit to main with some actions.
func commit(more, actions string) string {
	return `{"branch":"main","commit_message":"m",` + more + `"actions":[` + actions + `]}`
}

func TestCreateCommit_Refusals(t *testing.T) {
	t.Parallel()
	const create = `{"action":"create","file_path":"new","content":"x"}`
	for _, c := range []struct {
		name, body string
		status     int
		text       string
	}{
		{"no message", `{"branch":"main","actions":[` + create + `]}`, 400, "400 Bad request - commit_message is required"},
		{"no actions", `{"branch":"main","commit_message":"m","actions":[]}`, 400, "actions is required"},
		{"both starts", commit(`"start_sha":"x","start_branch":"main",`, create), 400, "mutually exclusive"},
		{"unknown action", commit("", `{"action":"copy","file_path":"a"}`), 400, "actions[0][action] must be one of: create, update, move, delete, chmod"},
		{"no path", commit("", create+`,{"action":"create"}`), 400, "actions[1][file_path] is required"},
		{"no content", commit("", `{"action":"update","file_path":"a"}`), 400, "[content] is required for update action"},
		{"no previous path", commit("", `{"action":"move","file_path":"b"}`), 400, "[previous_path] is required for move action"},
		{"other encoding", commit("", `{"action":"create","file_path":"b","content":"","encoding":"utf-8"}`), 400, "encoding"},
		{"exists", commit("", `{"action":"create","file_path":"a","content":"x"}`), 400, "A file with this name already exists"},
		{"update of nothing", commit("", `{"action":"update","file_path":"none","content":"x"}`), 400, "A file with this name doesn't exist"},
		{"delete of nothing", commit("", `{"action":"delete","file_path":"none"}`), 400, "A file with this name doesn't exist"},
		{"chmod of nothing", commit("", `{"action":"chmod","file_path":"none","execute_filemode":true}`), 400, "A file with this name doesn't exist"},
		{"move of nothing", commit("", `{"action":"move","file_path":"b","previous_path":"none"}`), 400, "A file with this name doesn't exist"},
		{"move of a folder", commit("", `{"action":"move","file_path":"b","previous_path":"dir"}`), 400, "A file with this name doesn't exist"},
		{"move onto a file", commit("", `{"action":"move","file_path":"dir/b","previous_path":"a"}`), 400, "A file with this name already exists"},
		{"below a file", commit("", `{"action":"create","file_path":"a/b","content":"x"}`), 400, "fsck"},
		{"traversal", commit("", `{"action":"create","file_path":"../b","content":"x"}`), 400, "Path cannot include directory traversal"},
		{"git folder", commit("", `{"action":"create","file_path":".git/config","content":"x"}`), 400, "invalid path: '.git/config'"},
		{"double slash", commit("", `{"action":"create","file_path":"a//b","content":"x"}`), 400, "invalid path: 'a//b'"},
		{"base64", commit("", `{"action":"create","file_path":"b","content":"?","encoding":"base64"}`), 400, "illegal base64"},
		{"branch exists", commit(`"start_branch":"other",`, create), 400, "A branch called 'main' already exists. Switch to that branch in order to make changes"},
		{"no such branch", `{"branch":"none","commit_message":"m","actions":[` + create + `]}`, 400, "You can only create or edit files when you are on a branch"},
		{"no such commit", `{"branch":"n","start_sha":"` + strings.Repeat("1", 40) + `","commit_message":"m","actions":[` + create + `]}`, 400, "Cannot find start_sha"},
		{"no commit at all", `{"branch":"n","start_sha":"main","commit_message":"m","actions":[` + create + `]}`, 400, "Invalid start_sha 'main'"},
		{"bad branch name", `{"branch":"a..b","start_branch":"main","commit_message":"m","actions":[` + create + `]}`, 400, "Branch name is invalid"},
		{"folder of branches", `{"branch":"main/x","start_branch":"main","commit_message":"m","actions":[` + create + `]}`, 400,
			"Could not update refs/heads/main/x. Please refresh and try again."},
		{"other project", commit(`"start_project":"nobody/none",`, create), 404, "404 Project Not Found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a", "dir/b": "b"})
			s.change("other", "c", "c")
			before := s.head("main")
			s.refuses(c.status, c.text, "POST", "/repository/commits", c.body)
			if s.head("main") != before {
				t.Error("it was done all the same")
			}
		})
	}
}

func TestCreateCommit_Actions(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a", "b": "b", "dir/c": "c", "dir/d": "d", "gone/e": "e"})
	if _, err := s.repo.Commit("main", somebody, "modes", fakehost.Change{Path: "run", Content: []byte("x"), Mode: filemode.Executable},
		fakehost.Change{Path: "link", Content: []byte("a"), Mode: filemode.Symlink}); err != nil {
		t.Fatal(err)
	}
	r := s.wants(201, "POST", "/repository/commits", commit("", `
		{"action":"update","file_path":"a","content":"new"},
		{"action":"update","file_path":"link","content":"b"},
		{"action":"move","file_path":"moved/run","previous_path":"run"},
		{"action":"move","file_path":"e","previous_path":"gone/e","content":"changed"},
		{"action":"chmod","file_path":"b","execute_filemode":true},
		{"action":"create","file_path":"./x/../f","content":"f","execute_filemode":true},
		{"action":"create","file_path":"dir","content":"a file"}`))
	files, err := s.repo.Files("main")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "100644 new", "b": "100755 b", "link": "120000 b", "moved/run": "100755 x", "e": "100644 changed",
		"f": "100755 f", "dir": "100644 a file"}
	for path, f := range files {
		if got := mode(fakehost.Entry{Mode: f.Mode}) + " " + string(f.Content); got != want[path] {
			t.Errorf("%s is %q, want %q", path, got, want[path])
		}
		delete(want, path)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if r.field(t, "id") != s.head("main") || r.field(t, "stats.total") == nil || r.field(t, "project_id") != float64(s.repo.Info().ID) {
		t.Errorf("the commit is %s", r.body)
	}
	if r := s.wants(201, "POST", "/repository/commits", commit(`"stats":false,`, `{"action":"delete","file_path":"moved"}`)); r.field(t, "stats") != nil {
		t.Errorf("there are stats: %s", r.body)
	}
	if s.file("main", "moved/run") != "-" {
		t.Error("the folder is still there")
	}
}

func TestCreateCommit_LastCommitID(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"any that saw it": {}, "its own": {ExactLastCommit: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testLastCommitID(t, o)
		})
	}
}

func testLastCommitID(t *testing.T, o Options) {
	s := newSiteAt(t, o, "owner", map[string]string{"a": "a", "b": "b"})
	first := s.head("main")
	second := s.change("main", "b", "changed")
	update := func(path, last string) string {
		return commit("", fmt.Sprintf(`{"action":"update","file_path":%q,"content":"x","last_commit_id":%q}`, path, last))
	}
	s.refuses(400, "since you started editing it: b", "POST", "/repository/commits", update("b", first))
	if !o.ExactLastCommit {
		s.wants(201, "POST", "/repository/commits", update("a", second))
		s.wants(201, "POST", "/repository/commits", update("a", strings.Repeat("1", 40)))
	} else {
		s.refuses(400, "since you started editing it: a", "POST", "/repository/commits", update("a", second))
		s.wants(201, "POST", "/repository/commits", update("a", first))
	}
	s.wants(201, "POST", "/repository/commits", update("b", second))
	// With start_sha the real host compares with the default branch.
	s.refuses(400, "since you started editing it: b", "POST", "/repository/commits",
		`{"branch":"n","start_sha":"`+second+`","commit_message":"m","actions":[{"action":"delete","file_path":"b","last_commit_id":"`+second+`"}]}`)
}

func TestCreateCommit_NewBranches(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.head("main")
	s.change("main", "b", "b")
	const create = `"commit_message":"m","author_name":"Ann","author_email":"ann@example.com","actions":[{"action":"create","file_path":"c","content":"c"}]}`
	s.wants(201, "POST", "/repository/commits", `{"branch":"old","start_sha":"`+first+`",`+create)
	s.wants(201, "POST", "/repository/commits", `{"branch":"new","start_branch":"main",`+create)
	if s.file("old", "b") != "-" || s.file("new", "b") != "b" || s.file("old", "c") != "c" {
		t.Error("the branches start elsewhere")
	}
	s.refuses(400, "A branch called 'old' already exists", "POST", "/repository/commits", `{"branch":"old","start_sha":"`+first+`",`+create)
	r := s.wants(201, "POST", "/repository/commits", `{"branch":"old","force":true,"start_branch":"main",`+create)
	if s.file("old", "b") != "b" || r.field(t, "author_name") != "Ann" || r.field(t, "committer_name") != "Owner" {
		t.Errorf("forced: %s", r.body)
	}
}

func TestCreateCommit_EmptyRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.wants(201, "POST", "/repository/commits", commit("", `{"action":"create","file_path":"a","content":"a"}`))
	if s.file("main", "a") != "a" {
		t.Error("there is no file")
	}
}

func TestCreateCommit_Protected(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	const create = `{"action":"create","file_path":"b","content":"b"}`
	s.wants(201, "POST", "/protected_branches", `{"name":"main","push_access_level":40,"merge_access_level":30}`)
	r := s.wantsAs("dev", 403, "POST", "/repository/commits", commit("", create))
	contains(t, r.body, "403 Forbidden - You are not allowed to push into this branch")
	b := s.wantsAs("dev", 200, "GET", "/repository/branches/main", "")
	if b.field(t, "protected") != true || b.field(t, "can_push") != false || b.field(t, "developers_can_merge") != true || b.field(t, "developers_can_push") != false {
		t.Errorf("the branch is %s", b.body)
	}
	s.wants(201, "POST", "/repository/commits", commit("", create))
	s.wants(204, "DELETE", "/protected_branches/main", "")
	s.wants(201, "POST", "/protected_branches", `{"name":"main","push_access_level":0}`)
	contains(t, s.wants(200, "GET", "/protected_branches/main", "").body, "No one")
	s.refuses(403, "not allowed to push", "POST", "/repository/commits", commit("", `{"action":"delete","file_path":"b"}`))
	s.wantsAs("reader", 403, "POST", "/repository/commits", commit("", create))
	s.repo.Edit(func(i *fakehost.Info) { i.Archived = true })
	s.refuses(403, "not allowed to push", "POST", "/repository/commits", `{"branch":"n","start_branch":"main","commit_message":"m","actions":[`+create+`]}`)
}

func TestFiles_Write(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	const path = "/repository/files/posts%2Fb.md"
	seen := s.head("main")
	r := s.wants(201, "POST", path, `{"branch":"main","commit_message":"m","content":"Yg==","encoding":"base64","execute_filemode":true}`)
	created := s.head("main")
	s.change("main", "posts/b.md", "changed")
	if r.body != `{"branch":"main","file_path":"posts/b.md"}` || seen == created {
		t.Errorf("created: %s", r.body)
	}
	s.refuses(400, "A file with this name already exists", "POST", path, `{"branch":"main","commit_message":"m","content":"c"}`)
	s.refuses(400, "content is missing", "PUT", path, `{"branch":"main","commit_message":"m"}`)
	s.refuses(400, "You are attempting to update a file that has changed since you started editing it.", "PUT", path,
		`{"branch":"main","commit_message":"m","content":"c","last_commit_id":"`+created+`"}`)
	s.wants(200, "PUT", path, `{"branch":"main","commit_message":"m","content":"c"}`)
	s.wants(204, "DELETE", path, `{"branch":"main","commit_message":"m"}`)
	if s.file("main", "posts/b.md") != "-" {
		t.Error("it is still there")
	}
}

func TestListCommits_NeverCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for i := range 4 {
		s.change("main", "b", fmt.Sprint(i))
	}
	r := s.wants(200, "GET", "/repository/commits?per_page=2&page=2", "")
	if r.header.Get("X-Total") != "" || r.header.Get("X-Next-Page") != "3" || strings.Contains(r.header.Get("Link"), "last") {
		t.Errorf("page 2: %v", r.header)
	}
	contains(t, r.header.Get("Link"), `rel="next"`, "order=default")
	for path, want := range map[string]int{"?per_page=2&page=3": 1, "?path=b": 4, "?path=a&ref_name=main": 1, "?ref_name=none": 0, "?path=none": 0,
		"?since=2999-01-01T00:00:00Z": 0, "?until=2000-01-01": 0} {
		if got := len(decode[[]any](t, s.wants(200, "GET", "/repository/commits"+path, "").body)); got != want {
			t.Errorf("%s: %d commits, want %d", path, got, want)
		}
	}
	s.refuses(400, "since is invalid", "GET", "/repository/commits?since=yesterday", "")
	s.refuses(404, "404 Commit Not Found", "GET", "/repository/commits/none", "")
	refs := s.wants(200, "GET", "/repository/commits/"+s.head("main")+"/refs?type=branch", "")
	if refs.body != `[{"name":"main","type":"branch"}]` {
		t.Errorf("the refs are %s", refs.body)
	}
}
