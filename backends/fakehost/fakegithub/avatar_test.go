package fakegithub

import (
	"strings"
	"testing"
)

func TestWeb_Avatars(t *testing.T) {
	t.Parallel()
	api, web := withWeb(t, map[string]string{"a": "a"})
	user := decode[struct {
		AvatarURL string `json:"avatar_url"`
	}](t, api.sends("owner", "GET", "/user", "").body)
	path, ok := strings.CutPrefix(user.AvatarURL, web.url)
	if !ok {
		t.Fatalf("the avatar is at %s, not at %s", user.AvatarURL, web.url)
	}
	before := len(api.host.Requests())
	picture := web.sends("", "GET", path, "")
	if picture.status != 200 || !strings.HasPrefix(string(picture.body), "<svg ") {
		t.Errorf("%d %s", picture.status, picture.body)
	}
	if len(api.host.Requests()) != before {
		t.Error("a picture is in the log of requests")
	}
	if other := web.sends("", "GET", "/avatars/another", ""); string(other.body) == string(picture.body) {
		t.Error("two people have the same picture")
	}
}
