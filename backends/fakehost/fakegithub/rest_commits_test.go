package fakegithub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// comparison is the part of a compare answer that tests look at.
type comparison struct {
	Status       string
	AheadBy      int                  `json:"ahead_by"`
	BehindBy     int                  `json:"behind_by"`
	TotalCommits int                  `json:"total_commits"`
	MergeBase    struct{ SHA string } `json:"merge_base_commit"`
	Commits      []struct{ SHA string }
	Files        []struct {
		Filename, Status, SHA, Patch string
		Previous                     string `json:"previous_filename"`
	}
}

func (s *site) compare(path string) comparison {
	s.t.Helper()
	return decode[comparison](s.t, s.wants(200, "GET", "/compare/"+path, "").body)
}

func TestCompare_Diverged(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a line that stays\n", 20)
	s := newSite(t, map[string]string{"old.md": text, "gone": "gone", "bin": "\x00a"})
	base := s.head("main")
	if _, err := s.repo.Commit("cms/x", fakeAuthor, "Move",
		fakehost.Change{Path: "old.md", Delete: true}, fakehost.Change{Path: "new.md", Content: []byte(text + "more\n")},
		fakehost.Change{Path: "gone", Delete: true}, fakehost.Change{Path: "bin", Content: []byte("\x00b")},
		fakehost.Change{Path: "add", Content: []byte("add")}); err != nil {
		t.Fatal(err)
	}
	s.change("main", "other", "o")
	c := s.compare("main...cms%2Fx")
	if c.Status != "diverged" || c.AheadBy != 1 || c.BehindBy != 1 || c.MergeBase.SHA != base || c.Commits[0].SHA != s.head("cms/x") {
		t.Errorf("the comparison is %+v", c)
	}
	var got []string
	for _, f := range c.Files {
		got = append(got, fmt.Sprint(f.Filename, " ", f.Status, " ", f.Previous, " ", f.Patch != ""))
	}
	if want := "add added  true, bin modified  false, gone removed  true, new.md renamed old.md true"; strings.Join(got, ", ") != want {
		t.Errorf("the files are %v\nnot %s", got, want)
	}
	contains(t, c.Files[3].Patch, "@@ ", "+more")
	for path, want := range map[string]string{"main...main": "identical", "cms/x...main": "diverged", base + "...main": "ahead", "main..." + base: "behind"} {
		if got := s.compare(path).Status; got != want {
			t.Errorf("%s is %s, not %s", path, got, want)
		}
	}
}

func TestCompare_Paging(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	var changes []fakehost.Change
	for i := range 301 {
		changes = append(changes, fakehost.Change{Path: fmt.Sprintf("f%03d", i), Content: fmt.Append(nil, i)})
	}
	if _, err := s.repo.Commit("x", fakeAuthor, "many", changes...); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		s.change("x", "a", fmt.Sprint(i))
	}
	first := s.compare("main...x?per_page=4&page=1")
	if len(first.Files) != 300 || len(first.Commits) != 4 || first.TotalCommits != 6 {
		t.Errorf("%d files, %d of %d commits", len(first.Files), len(first.Commits), first.TotalCommits)
	}
	second := s.compare("main...x?per_page=4&page=2")
	if len(second.Files) != 0 || len(second.Commits) != 2 || second.Commits[1].SHA != s.head("x") {
		t.Errorf("page 2: %d files, %d commits", len(second.Files), len(second.Commits))
	}
}

func TestCompare_Fork(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	fork, err := s.host.Fork("reader", s.repo, fakehost.ForkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := fork.Commit("cms/reader/repo/x", fakeAuthor, "m", fakehost.Change{Path: "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range []string{"reader:cms/reader/repo/x", "reader:repo:cms%2Freader%2Frepo%2Fx", id.String()} {
		if c := s.compare("main..." + head); c.AheadBy != 1 || len(c.Files) != 1 || c.Files[0].Filename != "b" {
			t.Errorf("%s: %+v", head, c)
		}
	}
	s.wants(404, "GET", "/compare/main...nobody:x", "")
	s.wants(404, "GET", "/compare/main", "")
}

func TestCommits_List(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a/b": "1", "c": "1"})
	first := s.head("main")
	second := s.change("main", "a/b", "2")
	third := s.change("main", "c", "2")
	for query, want := range map[string][]string{
		"":                            {third, second, first},
		"?sha=" + second:              {second, first},
		"?path=a%2Fb":                 {second, first},
		"?path=a":                     {second, first},
		"?path=c&sha=main&per_page=1": {third},
		"?path=none":                  {},
	} {
		var got []string
		for _, c := range decode[[]struct{ SHA string }](t, s.wants(200, "GET", "/commits"+query, "").body) {
			got = append(got, c.SHA)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q lists %v, not %v", query, got, want)
		}
	}
	s.wants(404, "GET", "/commits?sha=none", "")
}

func TestCommits_Get(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "1\n"})
	id := s.change("cms/x y"[:5], "a", "2\n3\n")
	contains(t, s.wants(200, "GET", "/commits/cms%2Fx", "").body, `"stats":{"additions":2,"deletions":1,"total":3}`, `"filename":"a"`)
	if r := s.wants(200, "GET", "/commits/cms/x", "", "Accept", "application/vnd.github.sha"); r.body != id {
		t.Errorf("the sha is %q, not %s", r.body, id)
	}
	s.wants(200, "GET", "/commits/"+id[:7], "")
	contains(t, s.wants(422, "GET", "/commits/none", "").body, "No commit found for SHA: none")
}

func TestContents_Get(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"d/file": "text", "d/sub/x": "x"})
	_, err := s.repo.Commit("main", fakeAuthor, "m",
		fakehost.Change{Path: "d/link", Mode: filemode.Symlink, Content: []byte("file")},
		fakehost.Change{Path: "d/broken", Mode: filemode.Symlink, Content: []byte("nowhere")},
		fakehost.Change{Path: "big", Content: make([]byte, 1<<20+1)})
	if err != nil {
		t.Fatal(err)
	}
	file := s.wants(200, "GET", "/contents/d/file?ref=main", "")
	contains(t, file.body, `"content":"dGV4dA==\n"`, `"encoding":"base64"`, `"type":"file"`, `"name":"file"`, `"path":"d/file"`)
	contains(t, s.wants(200, "GET", "/contents/d/link", "").body, `"content":"dGV4dA==\n"`, `"path":"d/link"`)
	contains(t, s.wants(200, "GET", "/contents/d/broken", "").body, `"target":"nowhere"`, `"type":"symlink"`)
	contains(t, s.wants(200, "GET", "/contents/big", "").body, `"encoding":"none"`, `"content":""`)
	if r := s.wants(200, "GET", "/contents/big", "", "Accept", "application/vnd.github.raw"); len(r.body) != 1<<20+1 {
		t.Errorf("the raw file has %d bytes", len(r.body))
	}
	list := decode[[]struct{ Name, Type string }](t, s.wants(200, "GET", "/contents/d", "").body)
	if fmt.Sprint(list) != "[{broken symlink} {file file} {link symlink} {sub dir}]" {
		t.Errorf("the folder has %v", list)
	}
	s.wants(404, "GET", "/contents/none", "")
	s.wants(404, "GET", "/contents/d/file?ref=none", "")
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	head := s.head("main")
	combined := func(want string) {
		t.Helper()
		if got := s.wants(200, "GET", "/commits/main/status", "").field(t, "state"); got != want {
			t.Errorf("the state is %s, not %s", got, want)
		}
	}
	combined("pending")
	s.wants(201, "POST", "/statuses/"+head, `{"state":"failure","context":"ci"}`)
	combined("failure")
	s.wants(201, "POST", "/statuses/"+head, `{"state":"success","context":"ci","target_url":"https://x.example"}`)
	combined("success")
	s.wants(201, "POST", "/statuses/"+head, `{"state":"pending","context":"deploy"}`)
	combined("pending")
	if got := len(decode[[]any](t, s.wants(200, "GET", "/commits/"+head+"/statuses", "").body)); got != 3 {
		t.Errorf("%d statuses", got)
	}
	id, _ := s.repo.Head("main")
	for _, conclusion := range []string{"failure", "success"} {
		s.repo.AddCheckRun(id, fakehost.CheckRun{Name: "build", Conclusion: conclusion, DetailsURL: "https://y.example"})
	}
	r := s.wants(200, "GET", "/commits/main/check-runs", "")
	contains(t, r.body, `"total_count":1`, `"conclusion":"success"`, `"details_url":"https://y.example"`)
	contains(t, s.wants(200, "GET", "/commits/main/check-runs?filter=all", "").body, `"total_count":2`)
}

func TestDeployments(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	id, _ := s.repo.Head("main")
	d := s.repo.AddDeployment(fakehost.Deployment{SHA: id, Ref: "main", Environment: "preview", Creator: "owner",
		Statuses: []fakehost.DeploymentStatus{{State: "in_progress"}}})
	if err := s.repo.AddDeploymentStatus(d.ID, fakehost.DeploymentStatus{State: "success", EnvironmentURL: "https://p.example"}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"": 1, "?sha=" + id.String(): 1, "?ref=main": 1, "?ref=x": 0, "?environment=preview": 1, "?environment=x": 0} {
		if got := len(decode[[]any](t, s.wants(200, "GET", "/deployments"+query, "").body)); got != want {
			t.Errorf("%q: %d deployments, not %d", query, got, want)
		}
	}
	list := decode[[]map[string]any](t, s.wants(200, "GET", "/deployments/"+digits(d.ID)+"/statuses", "").body)
	if len(list) != 2 || list[0]["state"] != "success" || list[0]["environment_url"] != "https://p.example" {
		t.Errorf("the statuses are %v", list)
	}
	s.wants(404, "GET", "/deployments/99999/statuses", "")
}
