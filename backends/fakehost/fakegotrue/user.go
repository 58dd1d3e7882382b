package fakegotrue

// user is who a request's JWT is of; nil when that person is gone.
func (c *call) user() (*person, error) {
	claims, err := c.Authenticate(c.r)
	if err != nil {
		return nil, err
	}
	return c.byID(claims.Subject), nil
}

// getUser is GET /user.
func (c *call) getUser() (any, error) {
	p, err := c.user()
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errNoUser
	}
	if audience := c.r.Header.Get(audienceHeader); audience != "" && audience != p.Audience {
		return nil, badRequest("Token audience doesn't match request audience")
	}
	return p, nil
}

// putUser is PUT /user: {email, password, email_change_token, data}. A new
// address counts once its mail's token came back.
func (c *call) putUser() (any, error) {
	p, err := c.user()
	if err != nil {
		return nil, err
	}
	var in struct {
		Email, Password  string
		EmailChangeToken string `json:"email_change_token"`
		Data             map[string]any
		AppData          map[string]any `json:"app_metadata"`
	}
	if err := c.read(&in, "User Update"); err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errNoUser
	}
	if in.AppData != nil {
		return nil, unauthorized("Updating app_metadata requires admin privileges")
	}
	if in.EmailChangeToken != "" {
		err = c.changeEmail(p, in.EmailChangeToken)
	} else if in.Email != "" && in.Email != p.Email {
		err = c.askNewEmail(p, in.Email)
	}
	if err != nil {
		return nil, err
	}
	if in.Password != "" {
		p.password = in.Password
	}
	merge(p.UserMetadata, in.Data)
	p.UpdatedAt = *c.now()
	return p, nil
}

func (c *call) changeEmail(p *person, token string) error {
	if c.past(p.EmailChangeSentAt, confirmationAge) {
		return unprocessable("Email change token expired")
	}
	if p.emailChange == "" || p.emailChange != token {
		return unauthorized("Email Change Token didn't match token on file")
	}
	p.Email, p.NewEmail, p.emailChange = p.NewEmail, "", ""
	return nil
}

func (c *call) askNewEmail(p *person, email string) error {
	if err := validEmail(email); err != nil {
		return err
	}
	if c.byEmail(email, p.Audience) != nil {
		return unprocessable("Email address already registered by another user")
	}
	p.NewEmail, p.emailChange, p.EmailChangeSentAt = email, secret(), c.now()
	c.send(p, "email_change", p.emailChange)
	return nil
}

// merge changes metadata; null removes a key.
func merge(into, changes map[string]any) {
	for key, value := range changes {
		if value == nil {
			delete(into, key)
		} else {
			into[key] = value
		}
	}
}
