package graphql

import (
	"context"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// server answers every request with one answer, and counts them.
type server struct {
	status int
	body   string
	asked  int
	got    *rest.Request
}

func (s *server) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	s.asked++
	s.got = req
	return &rest.Response{Status: s.status, Body: []byte(s.body)}, nil
}

func client(s *server, token string) *Client {
	return &Client{
		API: rest.API{Root: "https://host.example/graphql", Doer: s}, Host: "Host",
		Token: func(context.Context) (string, error) { return token, nil },
		Fail: func(a Answer) error {
			return cmserr.New(cmserr.Invalid, a.Errors[0].Get("message").String())
		},
	}
}

func TestRead_WritesStringsAsLiterals(t *testing.T) {
	t.Parallel()
	s := &server{status: 200, body: `{"data":{"a":1}}`}
	q := &Query{Halves: true, Vars: func(j *rest.JSON) { j.Field("v", "w") }}
	v, err := client(s, "t").Read(t.Context(), q.Raw("{a(b:").Quoted(`"x\`).Raw(")}"))
	if err != nil || v.Get("a").Int() != 1 {
		t.Fatal(v, err)
	}
	if want := `{"query":"{a(b:\"\\\"x\\\\\")}","variables":{"v":"w"}}`; string(s.got.Body) != want {
		t.Errorf("sent %s, want %s", s.got.Body, want)
	}
	if !s.got.Repeatable || !s.got.Halves || q.Len() != len(`{a(b:"\"x\\")}`) {
		t.Errorf("%+v, %d bytes", s.got, q.Len())
	}
}

func TestRead_Refused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]cmserr.Kind{
		`{"data":{"a":1},"errors":[{"message":"no"}]}`: cmserr.Invalid,
		`{"errors":[{"message":"no"}]}`:                cmserr.Invalid,
		`{}`:                                           cmserr.Unknown,
		`[]`:                                           cmserr.Unknown,
	} {
		_, err := client(&server{status: 200, body: body}, "t").Read(t.Context(), &Query{})
		if !cmserr.Is(err, want) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
	}
}

// TestAsk_None: a door without GraphQL is asked once, and one that nobody signed in at
// not at all.
func TestAsk_None(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, want int
		token        string
	}{{404, 1, "t"}, {405, 1, "t"}, {501, 1, "t"}, {200, 0, ""}} {
		s := &server{status: c.status, body: `{"data":{}}`}
		host := client(s, c.token)
		for range 2 {
			if _, err := host.Ask(t.Context(), &Query{}); err != ErrNone {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if s.asked != c.want {
			t.Errorf("%+v: asked %d times", c, s.asked)
		}
	}
	s := &server{status: 403}
	if _, err := client(s, "t").Ask(t.Context(), &Query{}); !cmserr.Is(err, cmserr.Forbidden) {
		t.Error(err)
	}
}
