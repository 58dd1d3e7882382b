package fakegotrue

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims are what a JWT says of a person.
type Claims struct {
	jwt.RegisteredClaims
	Audience     string         `json:"aud,omitempty"` // a string, not a list: the gateway reads it so
	Email        string         `json:"email"`
	AppMetadata  map[string]any `json:"app_metadata"`
	UserMetadata map[string]any `json:"user_metadata"`
}

// Roles are those that the site's administrator gave, as app_metadata has them.
func (c *Claims) Roles() []string {
	list, _ := c.AppMetadata["roles"].([]any)
	var roles []string
	for _, item := range list {
		if role, is := item.(string); is {
			roles = append(roles, role)
		}
	}
	return roles
}

// Sign is a fresh token for the person of an e-mail address, as a sign-in gives
// one, good for so long.
func (s *Server) Sign(email string, lifetime time.Duration) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byEmail(email, "")
	if p == nil {
		return "", fmt.Errorf("nobody has the address %s", email)
	}
	return s.sign(p, lifetime), nil
}

// JWT is Sign for a person that there is: it panics when there is none.
func (s *Server) JWT(email string, lifetime time.Duration) string {
	token, err := s.Sign(email, lifetime)
	if err != nil {
		panic(err)
	}
	return token
}

func (s *Server) sign(p *person, lifetime time.Duration) string {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, Claims{
		RegisteredClaims: jwt.RegisteredClaims{Subject: p.ID, ExpiresAt: jwt.NewNumericDate(s.host.Now().Add(lifetime))},
		Audience:         p.Audience,
		Email:            p.Email,
		AppMetadata:      maps.Clone(p.AppMetadata),
		UserMetadata:     maps.Clone(p.UserMetadata),
	})
	token.Header["kid"] = "nf-ident"
	text, err := token.SignedString(s.secret)
	if err != nil {
		panic(err) // HMAC takes any key, and metadata came from JSON
	}
	return text
}

var bearer = regexp.MustCompile(`^(?:B|b)earer (\S+$)`)

// Authenticate reads the JWT of a request: signed by this service with HS256, and
// not expired. Its errors have GoTrue's words, which are the gateway's, too.
func (s *Server) Authenticate(r *http.Request) (*Claims, error) {
	m := bearer.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		return nil, unauthorized("This endpoint requires a Bearer token")
	}
	claims := &Claims{}
	_, err := jwt.ParseWithClaims(m[1], claims, func(*jwt.Token) (any, error) { return s.secret, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(s.host.Now))
	if err != nil {
		return nil, unauthorized("Invalid token: %s", s.invalid(claims, err))
	}
	return claims, nil
}

// invalid says what is wrong with a token, in the words of the library's version
// that the services have.
func (s *Server) invalid(claims *Claims, err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return fmt.Sprintf("token is expired by %v", s.host.Now().Sub(claims.ExpiresAt.Time))
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return "signature is invalid"
	}
	return "token contains an invalid number of segments"
}
