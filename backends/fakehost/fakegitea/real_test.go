package fakegitea

import (
	"strings"
	"testing"
	"time"
)

// The real server that TestReal compares with is at MOORING_GITEA_URL;
// MOORING_GITEA_TOKEN is an administrator's token for all scopes.
const (
	realURL   = "MOORING_GITEA_URL"
	realToken = "MOORING_GITEA_TOKEN"
)

// step is one request of a scenario. Path is below repos/{owner}/{repo}, unless
// it begins with two slashes. Path and body may hold {head branch}, {blob branch
// path}, {tree branch path}, {label name} and {pull head}.
type step struct {
	as, method, path, body string
	status                 int
	message                string // of an error; "" is any
	shape                  bool   // compare what the real server answers, word by word
	settle                 bool   // the real server may need a while until it answers so
}

// do sends a step, on a real server as often as it needs.
func (p *place) do(s step) reply {
	p.t.Helper()
	as := s.as
	if as == "" {
		as = "owner"
	} else if as == "nobody" {
		as = ""
	}
	for try := 0; ; try++ {
		r := p.ask(as, s.method, s.path, s.body)
		if !s.settle || r.status == s.status && strings.Contains(r.body, s.message) || p.tokens["admin"] == "" || try == 50 {
			return r
		}
		time.Sleep(100 * time.Millisecond) // a real server works in the background
	}
}

// TestReal_Fake runs the scenarios on the fake alone.
func TestReal_Fake(t *testing.T) {
	t.Parallel()
	for name, steps := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := fakePlace(t, Options{CORS: &CORS{}})
			for i, s := range steps {
				s.check(t, i, "the fake", p.do(s))
			}
		})
	}
}

func (s step) check(t *testing.T, i int, who string, r reply) {
	t.Helper()
	if r.status != s.status || !strings.Contains(r.body, s.message) {
		t.Errorf("step %d, %s %s %s: %s answers %d %.400s, not %d %s", i, s.method, s.path, s.body, who, r.status, r.body, s.status, s.message)
	}
}

// TestReal runs the scenarios on a real server and on the fake, and compares.
func TestReal(t *testing.T) {
	for name, steps := range scenarios {
		t.Run(name, func(t *testing.T) {
			there := realPlace(t)
			here := fakePlace(t, Options{CORS: &CORS{}})
			thereNames, hereNames := newNames(there), newNames(here)
			for i, s := range steps {
				real, fake := there.do(s), here.do(s)
				s.check(t, i, "the real server", real)
				if !s.shape || t.Failed() {
					continue
				}
				want, got := thereNames.normal(t, real), hereNames.normal(t, fake)
				if want != got {
					t.Errorf("step %d, %s %s:\nreal %s\nfake %s", i, s.method, s.path, want, got)
				}
			}
		})
	}
}
