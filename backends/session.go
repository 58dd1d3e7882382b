package backends

import (
	"context"
	"sync"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

// session holds the credential of whoever is signed in, or asks for it.
type session struct {
	ask   func(ctx context.Context) (string, error)                 // who keeps it, nil for this one
	again func(ctx context.Context, refused string) (string, error) // who renews it
	mu    sync.Mutex
	held  string
}

// token is Env.Token: the credential, "" for nobody's.
func (s *session) token(ctx context.Context) (string, error) {
	if s.ask != nil {
		return s.ask(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held, nil
}

// renew is Env.Renew. Of all requests that the same token is refused to, those that come
// late find the new one here.
func (s *session) renew(ctx context.Context, refused string) (string, error) {
	if s.ask != nil {
		return s.again(ctx, refused)
	}
	if held, _ := s.token(ctx); held != refused {
		return held, nil
	}
	token, err := s.again(ctx, refused)
	if err != nil || token == "" {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == refused {
		s.held = token
	}
	return token, nil
}

func (s *session) set(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = token
}

// drop forgets token, unless somebody signed in with another one meanwhile.
func (s *session) drop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == token {
		s.held = ""
	}
}

// Token is the credential of whoever is signed in, "" for nobody.
func (b *Backend) Token(ctx context.Context) (string, error) { return b.session.token(ctx) }

// Authenticate implements cms.Session. The credential is kept if the host takes it.
func (b *Backend) Authenticate(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return b.signIn(ctx, "authenticate", c, b.svc.Authenticate)
}

// Restore implements cms.Session. The credential is kept if the host still takes it.
func (b *Backend) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	return b.signIn(ctx, "restoreUser", c, b.svc.Restore)
}

func (b *Backend) signIn(ctx context.Context, op string, c cms.Credentials,
	check func(context.Context, cms.Credentials) (cms.User, error)) (cms.User, error) {
	for i := 0; i < len(c.Token); i++ {
		if c.Token[i] < ' ' || c.Token[i] == 0x7f {
			return cms.User{}, b.at(cmserr.New(cmserr.Invalid,
				"The token has line breaks or other characters that no token has. Copy it again."), op, "")
		}
	}
	b.session.set(c.Token)
	user, err := check(ctx, c)
	if err != nil {
		b.session.drop(c.Token)
		return cms.User{}, b.at(err, op, "")
	}
	return user, nil
}

// Logout implements cms.Session. The credential is gone whatever the host says.
func (b *Backend) Logout(ctx context.Context) error {
	b.session.set("")
	return b.at(b.svc.Logout(ctx), "logout", "")
}
