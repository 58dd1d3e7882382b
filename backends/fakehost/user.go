package fakehost

import (
	"slices"
	"strings"
)

// Permission is what a user may do in a repository.
type Permission int

// The permissions, each including those before it.
const (
	None Permission = iota
	Read
	Write
	Admin
)

var permissionNames = []string{"none", "read", "write", "admin"}

func (p Permission) String() string { return permissionNames[p] }

// ParsePermission reads "none", "read", "write" or "admin".
func ParsePermission(s string) (Permission, error) {
	if i := slices.Index(permissionNames, s); i >= 0 {
		return Permission(i), nil
	}
	return None, fail(Invalid, "no permission is called %q", s)
}

// User is a person, or an organisation that owns repositories.
type User struct {
	ID           int64
	Login        string
	Name         string // the full name; empty when the user has set none
	Email        string
	Organization bool
	RequireSSO   bool // an organisation that only tokens authorised by SSO may reach
	RestrictApps bool // an organisation that third-party OAuth apps may not change
}

// Token is a user's credential.
type Token struct {
	Value  string
	Login  string
	Scopes []string // OAuth scopes such as "repo", "public_repo", "read:org"
	SSO    []string // organisations that it was authorised for by SSO
}

// HasScope says whether one of the scopes was granted.
func (t Token) HasScope(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(t.Scopes, s) })
}

// AddUser adds a user, or replaces the one of that login (keeping its id).
// Login is required; an empty Email becomes the host's no-reply address.
func (h *Host) AddUser(u User) User {
	h.mu.Lock()
	defer h.mu.Unlock()
	if old, ok := h.users[strings.ToLower(u.Login)]; ok {
		u.ID = old.ID
	} else {
		u.ID = h.nextID()
	}
	if u.Email == "" {
		u.Email = h.noReply(u)
	}
	h.users[strings.ToLower(u.Login)] = &u
	return u
}

// AddToken gives a user a token. Without scopes it gets those that the host's
// clients usually have: on GitHub "repo" and "read:user".
func (h *Host) AddToken(login, value string, scopes ...string) {
	h.SetToken(Token{Value: value, Login: login, Scopes: scopes})
}

// SetToken adds or replaces a token.
func (h *Host) SetToken(t Token) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.revoked, t.Value)
	h.tokens[t.Value] = &t
}

// RemoveToken revokes a token.
func (h *Host) RemoveToken(value string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.tokens, value)
	h.revoked[value] = true
}

// Revoked says whether a token was good once.
func (h *Host) Revoked(value string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.revoked[value]
}

// User finds a user by login, whatever its case.
func (h *Host) User(login string) (User, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u, ok := h.users[strings.ToLower(login)]
	if !ok {
		return User{}, false
	}
	return *u, true
}

// UserByEmail finds the user that commits under an address.
func (h *Host) UserByEmail(email string) (User, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range h.users {
		if strings.EqualFold(u.Email, email) {
			return *u, true
		}
	}
	return User{}, false
}

// UserByToken finds who a token belongs to.
func (h *Host) UserByToken(value string) (User, Token, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.tokens[value]
	if !ok {
		return User{}, Token{}, false
	}
	u, ok := h.users[strings.ToLower(t.Login)]
	if !ok {
		return User{}, Token{}, false
	}
	token := *t
	if len(token.Scopes) == 0 {
		token.Scopes = h.usualScopes()
	}
	return *u, token, true
}

func (h *Host) usualScopes() []string {
	if h.habits.Scopes == nil {
		return []string{"read:user", "repo"}
	}
	return h.habits.Scopes
}
