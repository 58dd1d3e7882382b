package fakebitbucket

import (
	"fmt"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestListPulls_Filters(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/posts/one")
	s.pull("cms/posts/two")
	s.pull("other")
	s.wantsAs("dev", 201, "POST", "/pullrequests/2/comments", `{"content":{"raw":"static-cms/draft"}}`)
	s.wants(200, "POST", "/pullrequests/3/decline", "")
	builtIn := `
        source.repository.full_name = "owner/repo"
        AND state = "OPEN"
        AND destination.branch.name = "main"
        AND comment_count > 0
        AND source.branch.name ~ "cms/"
        `
	for q, want := range map[string]string{
		builtIn:                                  "2",
		`source.branch.name = "cms/posts/one"`:   "1",
		`source.branch.name ~ "CMS/POSTS"`:       "2 1",
		`state = "DECLINED"`:                     "3",
		`state="OPEN" AND (id=1 OR id = 2)`:      "2 1",
		`id IN (1, 3)`:                           "3 1",
		`id NOT IN (1,3)`:                        "2",
		`title !~ "posts"`:                       "3",
		`author.nickname = "dev" and id<=1`:      "1",
		`merge_commit = null`:                    "3 2 1",
		`created_on > 2001-01-01`:                "3 2 1",
		`created_on < 2001-01-01T00:00:00+00:00`: "",
		`draft = true`:                           "",
		`title = "Add \"x\""`:                    "",
		`destination.branch.name != "main"`:      "",
		`reviewers.nickname = "dev"`:             "",
	} {
		if got := s.wants(200, "GET", where("/pullrequests", q)+"&state=MERGED", "").all(t, "id"); got != want {
			t.Errorf("%s finds %q, not %q", q, got, want)
		}
	}
	for _, q := range []string{`state`, `state =`, `state = "OPEN" AND`, `(id = 1`, `id = 1)`, `id ~~ 1`, `participants.role = "REVIEWER"`, `none = 1`, `id = x`, `"id" = 1`, `id IN 1`} {
		s.wants(400, "GET", where("/pullrequests", q), "")
	}
	for path, want := range map[string]string{
		"/pullrequests": "2 1", "/pullrequests?state=DECLINED": "3", "/pullrequests?state=OPEN&state=DECLINED&sort=id": "1 2 3",
		"/pullrequests?sort=-comment_count": "2 1", "/pullrequests?pagelen=1&page=2": "1",
	} {
		if got := s.wants(200, "GET", path, "").all(t, "id"); got != want {
			t.Errorf("%s lists %q, not %q", path, got, want)
		}
	}
	s.refuses(400, "Invalid pagelen", "GET", "/pullrequests?pagelen=51", "")
}

func TestListPulls_Fields(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	entry := func(fields string) map[string]any {
		r := s.wants(200, "GET", "/pullrequests?fields="+fields, "")
		return decode[struct{ Values []map[string]any }](t, r.body).Values[0]
	}
	usual := entry("")
	if usual["reviewers"] != nil || usual["rendered"] != nil || usual["title"] != "Add cms/x" {
		t.Errorf("a list has %v", usual)
	}
	if more := entry("%2Bvalues.reviewers,%2Bvalues.participants"); more["reviewers"] == nil || more["participants"] == nil || more["title"] != "Add cms/x" {
		t.Errorf("with more it has %v", more)
	}
	picked := entry("values.id,values.source.branch,values.source.commit.hash")
	if want := fmt.Sprintf(`{"id":1,"source":{"branch":{"name":"cms/x"},"commit":{"hash":%q}}}`, s.head("cms/x")[:12]); quoted(picked) != want {
		t.Errorf("picked is %s", quoted(picked))
	}
	r := s.wants(200, "GET", "/pullrequests/1?fields=destination.branch.*", "")
	if r.text(t, "destination.branch.default_merge_strategy") != "merge_commit" || r.text(t, "destination.branch.name") != "main" {
		t.Errorf("the branch is %s", r.body)
	}
}

func TestCreatePull(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.change("cms/x", "x.md", "x")
	s.change("same", "a.md", "b")
	body := quoted(map[string]any{"title": "T", "description": "D", "source": source("cms/x"), "destination": source("main"), "close_source_branch": true})
	r := s.wantsAs("dev", 201, "POST", "/pullrequests", body)
	if r.field(t, "id") != 1.0 || r.text(t, "state") != "OPEN" || r.text(t, "summary.raw") != "D" || r.text(t, "source.commit.hash") != s.head("cms/x")[:12] ||
		r.text(t, "author.display_name") != "Dev" || r.header.Get("Location") != s.url+inRepo+"/pullrequests/1" {
		t.Errorf("%s, %v", r.body, r.header)
	}
	again := s.wants(201, "POST", "/pullrequests", strings.Replace(body, `"T"`, `"Other"`, 1))
	if again.field(t, "id") != 1.0 || again.text(t, "title") != "Other" || again.text(t, "author.display_name") != "Dev" {
		t.Errorf("a second one is %s", again.body)
	}
	r = s.wants(201, "POST", "/pullrequests", quoted(map[string]any{"title": "T", "source": source("cms/x"), "destination": source("same")}))
	if r.field(t, "id") != 2.0 {
		t.Errorf("into another branch it is %s", r.body)
	}
	for text, body := range map[string]string{
		"branch not found: none":  quoted(map[string]any{"title": "T", "source": source("none")}),
		"branch not found: away":  quoted(map[string]any{"title": "T", "source": source("cms/x"), "destination": source("away")}),
		"no changes to be pulled": quoted(map[string]any{"title": "T", "source": source("main"), "destination": source("same")}),
		"required":                quoted(map[string]any{"source": source("cms/x")}),
		"source":                  `{"title":"T"}`,
		"Bad request":             `{`,
	} {
		s.refuses(400, text, "POST", "/pullrequests", body)
	}
	if got := s.wants(400, "POST", "/pullrequests", quoted(map[string]any{"title": "T", "source": source("none")})).field(t, "error.fields.source.0"); got != "branch not found: none" {
		t.Errorf("the field's error is %v", got)
	}
}

func TestUpdateAndDeclinePull(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	if r := s.wants(200, "PUT", "/pullrequests/1", `{"title":"New"}`); r.text(t, "title") != "New" || r.text(t, "source.branch.name") != "cms/x" {
		t.Errorf("%s", r.body)
	}
	s.refuses(400, "branch not found", "PUT", "/pullrequests/1", quoted(map[string]any{"destination": source("none")}))
	s.wantsAs("reader", 403, "POST", "/pullrequests/1/decline", "")
	r := s.wants(200, "POST", "/pullrequests/1/decline", `{"message":"No"}`)
	if r.text(t, "state") != "DECLINED" || r.text(t, "reason") != "No" || r.text(t, "closed_by.display_name") != "Owner" {
		t.Errorf("%s", r.body)
	}
	s.refuses(400, "already closed", "POST", "/pullrequests/1/decline", "")
	s.refuses(400, "Can only update an open", "PUT", "/pullrequests/1", `{"title":"X"}`)
	s.wants(201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"late"}}`)
	s.wants(404, "GET", "/pullrequests/9", "")
}

func TestPull_FollowsItsBranch(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	head := s.change("cms/x", "more.md", "m")
	r := s.wants(200, "GET", "/pullrequests/1", "")
	if r.text(t, "source.commit.hash") != head[:12] {
		t.Errorf("%s", r.body)
	}
	if got := s.wants(200, "GET", "/pullrequests/1/commits", "").all(t, "hash"); !strings.HasPrefix(got, head+" ") {
		t.Errorf("the commits are %s", got)
	}
	to := strings.TrimPrefix(s.wants(302, "GET", "/pullrequests/1/diffstat", "").header.Get("Location"), s.url)
	if got := s.wants(200, "GET", to, "").all(t, "new.path"); got != "cms/x.md more.md" {
		t.Errorf("%s has %s", to, got)
	}
	to = strings.TrimPrefix(s.wants(302, "GET", "/pullrequests/1/diff?path=more.md", "").header.Get("Location"), s.url)
	if got := s.wants(200, "GET", to, "").body; !strings.HasPrefix(got, "diff --git a/more.md b/more.md\nnew file mode 100644\n") {
		t.Errorf("the diff is %s", got)
	}
	s.wants(204, "DELETE", "/refs/branches/cms/x", "")
	if r = s.wants(200, "GET", "/pullrequests/1", ""); r.text(t, "state") != "OPEN" {
		t.Errorf("without its branch it is %s", r.text(t, "state"))
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	for i := range 250 {
		if _, err := s.repo.AddComment(1, "reader", fmt.Sprintf("I think %d of it", i)); err != nil {
			t.Fatal(err)
		}
	}
	before := s.wants(200, "GET", "/pullrequests/1", "").text(t, "updated_on")
	r := s.wantsAs("dev", 201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"static-cms/draft"}}`)
	s.wantsAs("dev", 201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"static-cms/pending_review"}}`)
	if after := s.wants(200, "GET", "/pullrequests/1", ""); after.text(t, "updated_on") <= before || after.field(t, "comment_count") != 252.0 {
		t.Errorf("from %s it became %s", before, after.body)
	}
	if list := s.wants(200, "GET", "/pullrequests/1/comments?pagelen=100", ""); list.field(t, "size") != 252.0 || list.text(t, "values.0.content.raw") != "I think 0 of it" {
		t.Errorf("the list is %s", list.body)
	}
	newest := s.wants(200, "GET", where("/pullrequests/1/comments", `content.raw ~ "static-cms/" AND deleted = false`)+"&sort=-created_on&fields=values.content.raw", "")
	if newest.all(t, "content.raw") != "static-cms/pending_review static-cms/draft" {
		t.Errorf("the newest are %s", newest.body)
	}
	own := fmt.Sprintf("/pullrequests/1/comments/%.0f", r.field(t, "id"))
	if r = s.wantsAs("dev", 200, "PUT", own, `{"content":{"raw":"edited"}}`); r.text(t, "content.raw") != "edited" {
		t.Errorf("%s", r.body)
	}
	s.wants(403, "DELETE", own, "")
	s.wantsAs("dev", 204, "DELETE", own, "")
	if r = s.wants(200, "GET", own, ""); r.field(t, "deleted") != true || r.text(t, "content.raw") != "" {
		t.Errorf("a deleted one is %s", r.body)
	}
	if r = s.wants(200, "GET", "/pullrequests/1", ""); r.field(t, "comment_count") != 251.0 {
		t.Errorf("it counts %v", r.field(t, "comment_count"))
	}
	s.wants(404, "GET", "/pullrequests/1/comments/0", "")
	s.wants(404, "POST", "/pullrequests/7/comments", `{"content":{"raw":"x"}}`)
	s.wants(400, "POST", "/pullrequests/1/comments", `{"content":{"raw":""}}`)
	if r = s.asks("", "POST", inRepo+"/pullrequests/1/comments", `{"content":{"raw":"x"}}`); r.status != 401 {
		t.Errorf("nobody's comment is answered with %d", r.status)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.pull("cms/x")
	at := "/commit/" + s.head("cms/x") + "/statuses"
	post := func(status int, key, state string) {
		s.wantsAs("dev", status, "POST", at+"/build", quoted(map[string]any{"key": key, "state": state, "url": "https://preview.example/" + state}))
	}
	post(201, "deploy/preview", "INPROGRESS")
	post(201, "deploy/preview", "SUCCESSFUL")
	post(201, "tests", "STOPPED")
	post(400, "tests", "success")
	post(400, "", "FAILED")
	for _, path := range []string{at, "/pullrequests/1/statuses"} {
		if r := s.wants(200, "GET", path, ""); r.all(t, "state") != "STOPPED SUCCESSFUL" || r.text(t, "values.1.url") != "https://preview.example/SUCCESSFUL" {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	s.repo.AddStatus(plumbingID(s.head("cms/x")), fakehost.Status{Context: "ci", State: "error"})
	if r := s.wants(200, "GET", where(at, `key = "ci"`), ""); r.all(t, "state") != "FAILED" {
		t.Errorf("%s", r.body)
	}
}
