package fakegitlab

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestLabels(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.wants(201, "POST", "/labels", `{"name":"cms/draft","color":"#aabbcc"}`)
	s.refuses(409, "Label already exists", "POST", "/labels", `{"name":"cms/draft","color":"#aabbcc"}`)
	s.refuses(400, "color is missing", "POST", "/labels", `{"name":"x"}`)
	s.refuses(400, "is invalid", "POST", "/labels", `{"name":"a,b","color":"#aabbcc"}`)
	s.wantsAs("reader", 403, "POST", "/labels", `{"name":"x","color":"#aabbcc"}`)
	if got := names(t, s.wants(200, "GET", "/labels", "")); got != "cms/draft" {
		t.Errorf("the labels are %s", got)
	}
	if r := s.wants(200, "GET", "/labels/cms%2Fdraft", ""); r.field(t, "color") != "#aabbcc" {
		t.Errorf("the label is %s", r.body)
	}
	s.refuses(404, "404 Label Not Found", "GET", "/labels/none", "")
}

func TestUsersAndGroups(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	team := s.host.AddUser(fakehost.User{Login: "team", Organization: true})
	s.host.SetMember("team", "dev", fakehost.Admin)
	for path, want := range map[string]string{
		"/api/v4/users?username=DEV":                     `"username":"dev"`,
		"/api/v4/users?username=none":                    `[]`,
		"/api/v4/groups/team":                            `"full_path":"team"`,
		"/api/v4/groups/" + digits(team.ID) + "/members": `"access_level":40`,
		"/api/v4/version":                                `"version":"18.5.0"`,
		"/api/v4/metadata":                               `"enterprise":false`,
		"/api/v4/projects?membership=true":               `"path_with_namespace":"owner/repo"`,
	} {
		r := s.asks("owner", "GET", path, "")
		if r.status != 200 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for path, want := range map[string]string{"/api/v4/users/999": "404 User Not Found", "/api/v4/groups/dev": "404 Group Not Found"} {
		r := s.asks("owner", "GET", path, "")
		if r.status != 404 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if r := s.wants(404, "GET", "/members/all/"+digits(team.ID), ""); r.body != `{"message":"404 Not Found"}` {
		t.Errorf("no member: %s", r.body)
	}
	if got := len(decode[[]any](t, s.wants(200, "GET", "/members/all", "").body)); got != 2 {
		t.Errorf("%d members", got)
	}
}
