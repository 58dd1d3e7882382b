package fakegotrue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost/fakegotrue"
)

func token(kind, token, password string) string {
	return fmt.Sprintf(`{"type":%q,"token":%q,"password":%q}`, kind, token, password)
}

func TestVerify_Recovery(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.wants(422, "Password recovery requires an email", "POST", "/recover", `{}`, "")
	s.wants(400, "Could not read", "POST", "/recover", `?`, "")
	s.wants(200, "{}", "POST", "/recover", `{"email":"nobody@example.com"}`, "")
	if n := len(s.Mails()); n != 0 {
		t.Fatalf("%d mails went to nobody", n)
	}
	s.wants(200, "{}", "POST", "/recover", `{"email":"ann@example.com"}`, "")
	s.wants(429, "Rate limit exceeded, try again later", "POST", "/recover", `{"email":"ann@example.com"}`, "")
	mail := s.mail("recovery", "ann@example.com")
	s.wants(404, `{"code":404,"msg":"User not found"}`, "POST", "/verify", token("recovery", "made-up", ""), "")
	got := s.session(s.wants(200, "access_token", "POST", "/verify", token("recovery", mail, ""), ""))
	s.wants(404, "User not found", "POST", "/verify", token("recovery", mail, ""), "") // good once
	s.wants(200, "ann@example.com", "PUT", "/user", `{"password":"fresh"}`, got.AccessToken)
	s.signIn("ann@example.com", "fresh")

	s.time = s.time.Add(16 * time.Minute)
	s.wants(200, "{}", "POST", "/recover", `{"email":"ann@example.com"}`, "")
	mail = s.mail("recovery", "ann@example.com")
	s.time = s.time.Add(25 * time.Hour)
	s.wants(422, "Recovery token expired", "POST", "/verify", token("recovery", mail, ""), "")
}

func TestVerify_Invite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddPerson(fakegotrue.Person{Email: "new@example.com", Invited: true, Roles: []string{"author"}})
	mail := s.mail("invite", "new@example.com")
	s.wants(422, "Invited users must specify a password", "POST", "/verify", token("signup", mail, ""), "")
	got := s.session(s.wants(200, "access_token", "POST", "/verify", token("signup", mail, "chosen"), ""))
	s.wants(200, `"roles":["author"]`, "GET", "/user", "", got.AccessToken)
	s.signIn("new@example.com", "chosen")
	s.wants(422, "Verify requires a token", "POST", "/verify", token("signup", " ", ""), "")
	s.wants(422, "Verify requires a verification type", "POST", "/verify", token("guess", "x", ""), "")
	s.wants(400, "Could not read verification params", "POST", "/verify", "?", "")
	s.wants(404, "User not found", "POST", "/verify", token("signup", mail, "x"), "")
}

func TestSignup_Confirms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const body = `{"email":"eve@example.com","password":"p","data":{"full_name":"Eve"}}`
	text := s.wants(200, `"confirmation_sent_at"`, "POST", "/signup", body, "")
	if strings.Contains(text, "confirmed_at") || !strings.Contains(text, `"full_name":"Eve"`) || strings.Contains(text, `"p"`) {
		t.Errorf("the new person is %s", text)
	}
	mail := s.mail("confirmation", "eve@example.com")
	s.wants(200, "eve", "POST", "/signup", `{"email":"eve@example.com","password":"p","data":{"full_name":null,"x":1}}`, "")
	if n := len(s.Mails()); n != 1 {
		t.Errorf("%d mails were sent within minutes", n)
	}
	s.session(s.wants(200, "access_token", "POST", "/verify", token("signup", mail, ""), ""))
	s.signIn("eve@example.com", "p")
	s.wants(400, "A user with this email address has already been registered", "POST", "/signup", body, "")
	s.wants(422, "Signup requires a valid password", "POST", "/signup", `{"email":"a@b.c"}`, "")
	s.wants(422, "An email address is required", "POST", "/signup", `{"password":"p"}`, "")
	s.wants(422, "Unable to validate email address", "POST", "/signup", `{"email":"a","password":"p"}`, "")
	s.wants(400, "Could not read Signup params", "POST", "/signup", "?", "")
}

func TestSignup_Settings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Set(func(o *fakegotrue.Settings) { o.Autoconfirm = true })
	s.wants(200, `"confirmed_at"`, "POST", "/signup", `{"email":"eve@example.com","password":"p"}`, "")
	s.signIn("eve@example.com", "p")
	s.Set(func(o *fakegotrue.Settings) { o.DisableSignup = true })
	s.wants(403, `{"code":403,"msg":"Signups not allowed for this instance"}`, "POST", "/signup", `{"email":"x@example.com","password":"p"}`, "")
}

func TestUser_Update(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	jwt := s.JWT("ann@example.com", time.Hour)
	s.wants(200, `"user_metadata":{"full_name":"Ann B"}`, "PUT", "/user", `{"data":{"full_name":"Ann B","avatar_url":null}}`, jwt)
	s.wants(401, "requires admin privileges", "PUT", "/user", `{"app_metadata":{"roles":["admin"]}}`, jwt)
	s.AddPerson(fakegotrue.Person{Email: "bob@example.com", Password: "p"})
	s.wants(422, "already registered by another user", "PUT", "/user", `{"email":"bob@example.com"}`, jwt)
	s.wants(422, "Unable to validate", "PUT", "/user", `{"email":"x"}`, jwt)
	s.wants(200, `"new_email":"anna@example.com"`, "PUT", "/user", `{"email":"anna@example.com"}`, jwt)
	mail := s.mail("email_change", "anna@example.com")
	s.wants(401, "didn't match token on file", "PUT", "/user", `{"email_change_token":"x"}`, jwt)
	s.wants(200, `"email":"anna@example.com"`, "PUT", "/user", `{"email_change_token":"`+mail+`"}`, jwt)
	s.signIn("anna@example.com", "secret")
	s.wants(400, "Could not read User Update params", "PUT", "/user", "?", jwt)
	s.wants(401, "requires a Bearer token", "PUT", "/user", "{}", "")
	if w := s.asks("GET", "/user", "", jwt, "X-JWT-AUD", "other"); w.Code != 400 {
		t.Errorf("another audience is answered with %d", w.Code)
	}
	s.Reset()
	for _, method := range []string{"GET", "PUT"} {
		s.wants(404, "User not found", method, "/user", "{}", jwt)
	}
}

func TestSetRoles_OfNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.SetRoles("nobody@example.com", "editor"); err == nil {
		t.Error("nobody has got a role")
	}
	if _, err := s.Sign("nobody@example.com", time.Hour); err == nil {
		t.Error("nobody has got a JWT")
	}
}
