package fakegotrue

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Person is somebody who may sign in.
type Person struct {
	Email    string
	Password string
	Roles    []string // app_metadata.roles; none when empty
	FullName string   // user_metadata.full_name; none when empty
	Avatar   string   // user_metadata.avatar_url; likewise
	Audience string
	// Invited: the person has a mail with an invitation and no password yet.
	Invited bool
}

// person is GoTrue's user: https://github.com/netlify/gotrue/blob/master/models/user.go
type person struct {
	ID                 string         `json:"id"`
	Audience           string         `json:"aud"`
	Role               string         `json:"role"`
	Email              string         `json:"email"`
	ConfirmedAt        *time.Time     `json:"confirmed_at,omitempty"`
	InvitedAt          *time.Time     `json:"invited_at,omitempty"`
	ConfirmationSentAt *time.Time     `json:"confirmation_sent_at,omitempty"`
	RecoverySentAt     *time.Time     `json:"recovery_sent_at,omitempty"`
	NewEmail           string         `json:"new_email,omitempty"`
	EmailChangeSentAt  *time.Time     `json:"email_change_sent_at,omitempty"`
	AppMetadata        map[string]any `json:"app_metadata"`
	UserMetadata       map[string]any `json:"user_metadata"`
	CreatedAt          time.Time      `json:"created_at"`
	UpdatedAt          time.Time      `json:"updated_at"`

	password                            string
	confirmation, recovery, emailChange string // tokens; empty when there is none
}

// AddPerson adds a person, or replaces the one of that address. Who is not
// Invited is confirmed.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people = slices.DeleteFunc(s.people, func(old *person) bool { return old.Email == p.Email && old.Audience == p.Audience })
	user := map[string]any{}
	if p.FullName != "" {
		user["full_name"] = p.FullName
	}
	if p.Avatar != "" {
		user["avatar_url"] = p.Avatar
	}
	added := s.create(p.Email, p.Password, p.Audience, user)
	added.setRoles(p.Roles)
	if p.Invited {
		added.password, added.InvitedAt = "", s.now()
		added.confirmation = secret()
		s.send(added, "invite", added.confirmation)
		return
	}
	added.ConfirmedAt = s.now()
}

// SetRoles changes a person's roles. JWTs that are out keep the old ones.
func (s *Server) SetRoles(email string, roles ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byEmail(email, "")
	if p == nil {
		return fmt.Errorf("nobody has the address %s", email)
	}
	p.setRoles(roles)
	return nil
}

func (p *person) setRoles(roles []string) {
	delete(p.AppMetadata, "roles")
	if len(roles) > 0 {
		p.AppMetadata["roles"] = anys(roles)
	}
}

// anys is a list as JSON decodes it.
func anys(list []string) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = item
	}
	return out
}

// Mail is what was sent to a person: the token is part of its link, as
// #confirmation_token=…, #invite_token=…, #recovery_token=… or
// #email_change_token=….
type Mail struct {
	To    string
	Kind  string // confirmation, invite, recovery, email_change
	Token string
}

// Mails are all that were sent, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// The caller of all below holds the lock.

func (s *Server) send(p *person, kind, token string) {
	to := p.Email
	if kind == "email_change" {
		to = p.NewEmail
	}
	s.mails = append(s.mails, Mail{To: to, Kind: kind, Token: token})
}

func (s *Server) create(email, password, audience string, data map[string]any) *person {
	p := &person{ID: uuid(), Email: email, Audience: audience, password: password, CreatedAt: *s.now(), UpdatedAt: *s.now(),
		AppMetadata: map[string]any{"provider": "email"}, UserMetadata: map[string]any{}}
	maps.Copy(p.UserMetadata, data)
	s.people = append(s.people, p)
	return p
}

func (s *Server) find(is func(*person) bool) *person {
	if i := slices.IndexFunc(s.people, is); i >= 0 {
		return s.people[i]
	}
	return nil
}

func (s *Server) byEmail(email, audience string) *person {
	return s.find(func(p *person) bool { return strings.EqualFold(p.Email, email) && p.Audience == audience })
}

func (s *Server) byID(id string) *person {
	return s.find(func(p *person) bool { return p.ID == id })
}

func (s *Server) now() *time.Time {
	t := s.host.Now()
	return &t
}

// secret is a token that nobody can guess: 22 letters, as GoTrue's are.
func secret() string { return rand.Text()[:22] }

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
