package rest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// pages answers with one page after the other.
type pages []string

func (p *pages) Do(context.Context, *Request) (*Response, error) {
	page := (*p)[0]
	*p = (*p)[1:]
	header := Header{}
	if len(*p) > 0 {
		header["link"] = `<?page=next` + page[:1] + strings.Repeat("x", len(*p)) + `>; rel="next"`
	}
	return &Response{Status: 200, Header: header, Body: []byte(page)}, nil
}

func TestEach_ReadsEveryPage(t *testing.T) {
	t.Parallel()
	a := API{Root: "https://host.example", Doer: &pages{`[1,2]`, `[]`, `[3]`}}
	var got []int64
	err := a.Each(t.Context(), "/list", func(v gjson.Result) error { got = append(got, v.Int()); return nil })
	if err != nil || !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestEach_PassesErrorsOn(t *testing.T) {
	t.Parallel()
	a := API{Root: "https://host.example", Doer: &pages{`{"not":"a list"}`}}
	if err := a.Each(t.Context(), "/list", func(gjson.Result) error { return nil }); !cmserr.Is(err, cmserr.Unknown) {
		t.Error(err)
	}
	a.Doer = &pages{`[1,2]`}
	refused, asked := errors.New("no"), 0
	err := a.Each(t.Context(), "/list", func(gjson.Result) error { asked++; return refused })
	if err != refused || asked != 1 {
		t.Errorf("%v after %d", err, asked)
	}
}

func TestTogether_DoesAll(t *testing.T) {
	t.Parallel()
	done := make([]bool, 20)
	err := Together(t.Context(), len(done), func(_ context.Context, i int) error { done[i] = true; return nil })
	if err != nil || slices.Contains(done, false) {
		t.Errorf("%v, %v", done, err)
	}
}

// TestTogether_FirstError: the others end with it, and it is the answer.
func TestTogether_FirstError(t *testing.T) {
	t.Parallel()
	first := errors.New("first")
	var others sync.Map
	err := Together(t.Context(), 5, func(ctx context.Context, i int) error {
		if i == 2 {
			return first
		}
		<-ctx.Done()
		others.Store(i, true)
		return ctx.Err()
	})
	_, waited := others.Load(4)
	if err != first || !waited {
		t.Errorf("%v, waited %v", err, waited)
	}
}

func TestRemark_IsShortAndEnds(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		" No\n": "No.", "No.": "No.",
		strings.Repeat("ä", 200):       strings.Repeat("ä", 150) + "….",
		"x" + strings.Repeat("ä", 200): "x" + strings.Repeat("ä", 149) + "….",
	} {
		if got := Remark(said); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestHas_WantsAll(t *testing.T) {
	t.Parallel()
	v := gjson.Parse(`{"a":null,"b":{"c":1}}`)
	if !Has(v, "a", "b.c") || Has(v, "a", "c") {
		t.Error("null is there, and what is not there is not")
	}
}
