package control_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
	"mooring/backends/fakehost/fakeoauth"
)

func TestOAuth_Arranges(t *testing.T) {
	t.Parallel()
	host := fakehost.New(fakehost.Options{})
	host.AddUser(fakehost.User{Login: "ann"})
	server, err := fakeoauth.New(host, fakeoauth.Options{Host: "gitlab"})
	if err != nil {
		t.Fatal(err)
	}
	arrange := control.NewOAuth(server)
	send := func(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		return w
	}
	do := func(method, path, body, want string) {
		t.Helper()
		if w := send(arrange, method, "/_fake/oauth"+path, body); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	do("POST", "", `{"answer":"approve","login":"ann","logins":["ann","bob"],"codeLifetime":1000,"tokenLifetime":2000,"refreshLifetime":3000,
		"rotate":false,"scopes":["api"],"wrongState":false,"implicit":true,"cors":false,"trouble":"","openerPolicy":"same-origin",
		"broker":{"early":true,"silent":true,"closes":true,"otherProvider":true,"otherOrigin":true,"error":"e","errorField":"error"}}`, "{}")
	o := server.Settings()
	if o.Answer != fakeoauth.Approve || o.Login != "ann" || !slices.Equal(o.Logins, []string{"ann", "bob"}) || o.CodeLifetime != time.Second ||
		o.TokenLifetime != 2*time.Second || o.RefreshLifetime != 3*time.Second || o.Rotate || !slices.Equal(o.Scopes, []string{"api"}) ||
		!o.Implicit || o.CORS || o.OpenerPolicy != "same-origin" ||
		o.Broker != (fakeoauth.BrokerSettings{Early: true, Silent: true, Closes: true, OtherProvider: true, OtherOrigin: true, Error: "e", ErrorField: "error"}) {
		t.Errorf("the settings are %+v", o)
	}
	do("POST", "", `{"broker":{"silent":false}}`, "{}") // what isn't given stays
	if o := server.Settings(); o.Broker.Silent || !o.Broker.Closes || o.Login != "ann" {
		t.Errorf("then the settings are %+v", o)
	}
	do("POST", "/apps", `{"id":"page","name":"A page","secret":"","redirects":["http://localhost:*"],"scopes":["api"]}`, "{}")
	ask := "/oauth/authorize?client_id=page&redirect_uri=http://localhost:1/&response_type=token"
	_, token, _ := strings.Cut(send(server, "GET", ask, "").Header().Get("Location"), "access_token=")
	token, _, _ = strings.Cut(token, "&")
	if user, _, ok := host.UserByToken(token); !ok || user.Login != "ann" {
		t.Errorf("the token %q is nobody's", token)
	}
	do("POST", "/revoke", `{"login":"ann","keepRefresh":true}`, "{}")
	if !host.Revoked(token) {
		t.Error("the token is not revoked")
	}
	send(server, "GET", strings.Replace(ask, "=token", "=code", 1), "")
	send(server, "POST", "/oauth/token", "")
	do("GET", "", "", `{"codes":1,"exchanges":0,"refreshes":0,"refused":1}`)
	for _, wrong := range [][2]string{{"", `{"answer":"maybe"}`}, {"", `{"trouble":"none"}`}, {"", `{"brocker":{}}`}, {"/apps", `{}`}, {"/apps", `?`}, {"/revoke", `{"user":"ann"}`}} {
		if w := send(arrange, "POST", "/_fake/oauth"+wrong[0], wrong[1]); w.Code != http.StatusBadRequest {
			t.Errorf("%s takes %s", wrong[0], wrong[1])
		}
	}
}
