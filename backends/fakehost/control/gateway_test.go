package control_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegithub"
)

func TestGateway_Arranges(t *testing.T) {
	t.Parallel()
	up := fakegithub.New(fakehost.New(fakehost.Options{}), fakegithub.Options{})
	site := fakegateway.New(up, fakegateway.Options{Provider: "github", Repo: "owner/site", Token: "t"})
	arrange := control.NewGateway(site)
	send := func(h http.Handler, method, path, body, jwt string) (int, string) {
		q := httptest.NewRequest(method, path, strings.NewReader(body))
		q.Header.Set("Authorization", "Bearer "+jwt)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		return w.Code, w.Body.String()
	}
	do := func(method, path, body, want string) string {
		t.Helper()
		status, answer := send(arrange, method, control.GatewayPrefix+path, body, "")
		if status != http.StatusOK || !strings.Contains(answer, want) {
			t.Errorf("%s %s: %d %s", method, path, status, answer)
		}
		return answer
	}
	do("POST", "people", `{"email":"ann@example.com","password":"p","roles":["editor"],"fullName":"Ann"}`, "")
	do("POST", "people", `{"email":"bob@example.com","invited":true}`, "")
	do("POST", "roles", `{"email":"ann@example.com","roles":["author"]}`, "")
	do("POST", "settings", `{"roles":["author"],"lifetime":5000,"degraded":true}`, "")
	do("GET", "mails", "", `[{"to":"bob@example.com","kind":"invite","token":"`)
	do("POST", "deploys", `{"commit":"c0ffee","branch":"cms/x","state":"ready","url":"https://deploy.example"}`, "")
	if s := site.Settings(); len(s.Roles) != 1 || s.Roles[0] != "author" || !s.Degraded || s.Edge {
		t.Errorf("the settings are %+v", s)
	}
	token := strings.Split(do("POST", "jwt", `{"email":"ann@example.com","lifetime":60000}`, `"jwt":"`), `"`)[3]
	if status, body := send(site, "GET", "/.netlify/git/settings", "", token); status != http.StatusOK {
		t.Errorf("the JWT is refused: %s", body)
	}
	if _, body := send(site, "GET", "/api/v1/sites/localhost/deploys", "", ""); !strings.Contains(body, `"commit_ref":"c0ffee"`) {
		t.Errorf("the deploys are %s", body)
	}
	for path, body := range map[string]string{"settings": `{"absence":"?"}`, "roles": `{"email":"nobody"}`, "jwt": `{"email":"nobody"}`, "people": `{"name":"x"}`} {
		if status, answer := send(arrange, "POST", control.GatewayPrefix+path, body, ""); status != http.StatusBadRequest {
			t.Errorf("%s takes %s: %s", path, body, answer)
		}
	}
}
