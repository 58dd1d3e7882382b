package cmserr_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"mooring/backends/cmserr"
)

func TestKind_Names(t *testing.T) {
	t.Parallel()
	// The numbers and names are part of the JavaScript API.
	names := []string{"Unknown", "NotFound", "Conflict", "Unauthenticated", "Forbidden", "RateLimited",
		"Invalid", "Unsupported", "Network", "Canceled", "NotInWorkflow", "Internal", "ForkNeeded"}
	for i, want := range names {
		if got := cmserr.Kind(i).String(); got != want {
			t.Errorf("kind %d is %q; want %q", i, got, want)
		}
		if got := cmserr.ParseKind(want); got != cmserr.Kind(i) {
			t.Errorf("%q is kind %d; want %d", want, got, i)
		}
	}
	if got := cmserr.Kind(200).String(); got != "Unknown" {
		t.Errorf("a kind of the future is %q", got)
	}
	if got := cmserr.ParseKind("Bored"); got != cmserr.Unknown {
		t.Errorf("a kind that nobody has is %d", got)
	}
}

func TestError_Text(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *cmserr.Error
		want string
	}{
		{cmserr.New(cmserr.Conflict, "changed"), "changed"},
		{cmserr.Wrap(cmserr.Network, errors.New("cause"), ""), "cause"},
		{cmserr.Wrap(cmserr.Network, errors.New("cause"), "message"), "message"},
		{&cmserr.Error{Kind: cmserr.Forbidden}, "Forbidden"},
		{&cmserr.Error{Op: "getEntry", Path: "a.md", Msg: "no"}, "getEntry a.md: no"},
		{&cmserr.Error{Op: "status", Msg: "no"}, "status: no"},
		{&cmserr.Error{Path: "a.md", Msg: "no"}, "a.md: no"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("text is %q; want %q", got, c.want)
		}
	}
}

func TestAt_KeepsWhatIsNamed(t *testing.T) {
	t.Parallel()
	if cmserr.At(nil, "op", "host", "path") != nil {
		t.Error("nil became an error")
	}
	inner := &cmserr.Error{Path: "inner", Kind: cmserr.NotFound, Status: 404}
	e := cmserr.From(cmserr.At(fmt.Errorf("wrapped: %w", inner), "op", "host", "outer"))
	if e.Op != "op" || e.Host != "host" || e.Path != "inner" || e.Kind != cmserr.NotFound || e.Status != 404 {
		t.Errorf("error is %+v", e)
	}
	if inner.Op != "" {
		t.Error("the inner error was changed")
	}
	again := cmserr.From(cmserr.At(e, "op2", "host2", "path2"))
	if again.Op != "op" || again.Host != "host" {
		t.Errorf("error is %+v", again)
	}
}

func TestFrom_Kinds(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for _, c := range []struct {
		err  error
		want cmserr.Kind
	}{
		{context.Canceled, cmserr.Canceled},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), cmserr.Canceled},
		{cause, cmserr.Unknown},
		{cmserr.Wrap(cmserr.Conflict, cause, "m"), cmserr.Conflict},
		{nil, cmserr.Unknown},
	} {
		if got := cmserr.KindOf(c.err); got != c.want {
			t.Errorf("%v: kind is %v; want %v", c.err, got, c.want)
		}
		if c.err != nil && !errors.Is(cmserr.From(c.err), c.err) {
			t.Errorf("%v is lost", c.err)
		}
	}
	if cmserr.Is(nil, cmserr.Unknown) {
		t.Error("nil is an error")
	}
	if !cmserr.Is(cause, cmserr.Unknown) {
		t.Error("a foreign error has no kind")
	}
}

func TestPanicked_NamesTheCause(t *testing.T) {
	t.Parallel()
	if err := cmserr.Panicked(nil); err != nil {
		t.Errorf("no panic is %v", err)
	}
	for text, cause := range map[string]any{"odd": "odd", "broken": errors.New("broken"), "a panic": 7} {
		if err := cmserr.Panicked(cause); !cmserr.Is(err, cmserr.Internal) || !strings.Contains(err.Error(), "("+text+")") {
			t.Errorf("%v is %v", cause, err)
		}
	}
}
