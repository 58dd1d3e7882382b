package fakegotrue

import (
	"encoding/json"
	"net/http"
	"net/mail"
	"strings"
	"time"
)

// How long the tokens in mails are good, and how often mails go out.
const (
	confirmationAge = 24 * time.Hour
	recoveryAge     = 24 * time.Hour
	inviteAge       = 7 * 24 * time.Hour
	mailFrequency   = 15 * time.Minute
)

// audienceHeader names the audience that a person belongs to; default none.
const audienceHeader = "X-Jwt-Aud"

func (c *call) read(into any, what string) error {
	if err := json.Unmarshal(c.body, into); err != nil {
		return badRequest("Could not read %s params: %v", what, err)
	}
	return nil
}

// past says whether something that began at a time is over.
func (c *call) past(begun *time.Time, age time.Duration) bool {
	return begun != nil && c.host.Now().After(begun.Add(age))
}

// verify is POST /verify: {type: signup or recovery, token, password}. Who was
// invited sets the first password with it.
func (c *call) verify() (any, error) {
	var in struct{ Type, Token, Password string }
	if err := c.read(&in, "verification"); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Token) == "" {
		return nil, unprocessable("Verify requires a token")
	}
	switch in.Type {
	case "signup":
		return c.confirm(in.Token, in.Password)
	case "recovery":
		return c.useRecovery(in.Token)
	}
	return nil, unprocessable("Verify requires a verification type")
}

func (c *call) confirm(token, password string) (any, error) {
	p := c.find(func(p *person) bool { return p.confirmation == token })
	if p == nil {
		return nil, errNoUser
	}
	age := confirmationAge
	if p.InvitedAt != nil {
		age = inviteAge
	}
	if c.past(p.ConfirmationSentAt, age) {
		return nil, unprocessable("Confirmation token expired")
	}
	if p.password == "" && p.InvitedAt != nil {
		if password == "" {
			return nil, unprocessable("Invited users must specify a password")
		}
		p.password = password
	}
	p.confirmation, p.ConfirmedAt = "", c.now()
	return c.grant(p), nil
}

func (c *call) useRecovery(token string) (any, error) {
	p := c.find(func(p *person) bool { return p.recovery == token })
	if p == nil {
		return nil, errNoUser
	}
	if c.past(p.RecoverySentAt, recoveryAge) {
		return nil, unprocessable("Recovery token expired")
	}
	p.recovery = ""
	if p.ConfirmedAt == nil {
		p.confirmation, p.ConfirmedAt = "", c.now()
	}
	return c.grant(p), nil
}

// recover is POST /recover: {email}. It answers the same whether somebody has
// the address or not.
func (c *call) recover() (any, error) {
	var in struct{ Email string }
	if err := c.read(&in, "verification"); err != nil {
		return nil, err
	}
	if in.Email == "" {
		return nil, unprocessable("Password recovery requires an email")
	}
	p := c.byEmail(in.Email, c.r.Header.Get(audienceHeader))
	if p == nil {
		return struct{}{}, nil
	}
	if p.RecoverySentAt != nil && !c.past(p.RecoverySentAt, mailFrequency) {
		return nil, fail(http.StatusTooManyRequests, "Rate limit exceeded, try again later")
	}
	p.recovery, p.RecoverySentAt = secret(), c.now()
	c.send(p, "recovery", p.recovery)
	return struct{}{}, nil
}

// signup is POST /signup: {email, password, data}.
func (c *call) signup() (any, error) {
	if c.settings.DisableSignup {
		return nil, fail(http.StatusForbidden, "Signups not allowed for this instance")
	}
	var in struct {
		Email, Password string
		Data            map[string]any
	}
	if err := c.read(&in, "Signup"); err != nil {
		return nil, err
	}
	if in.Password == "" {
		return nil, unprocessable("Signup requires a valid password")
	}
	if err := validEmail(in.Email); err != nil {
		return nil, err
	}
	audience := c.r.Header.Get(audienceHeader)
	p := c.byEmail(in.Email, audience)
	switch {
	case p == nil:
		p = c.create(in.Email, in.Password, audience, in.Data)
	case p.ConfirmedAt != nil:
		return nil, badRequest("A user with this email address has already been registered")
	default:
		merge(p.UserMetadata, in.Data)
	}
	switch {
	case c.settings.Autoconfirm:
		p.ConfirmedAt = c.now()
	case p.ConfirmationSentAt == nil || c.past(p.ConfirmationSentAt, mailFrequency):
		p.confirmation, p.ConfirmationSentAt = secret(), c.now()
		c.send(p, "confirmation", p.confirmation)
	}
	return p, nil
}

func validEmail(email string) error {
	if email == "" {
		return unprocessable("An email address is required")
	}
	if _, err := mail.ParseAddress(email); err != nil {
		return unprocessable("Unable to validate email address: %s", err)
	}
	return nil
}
