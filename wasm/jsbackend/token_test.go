//go:build js && wasm

package jsbackend

import (
	"context"
	"sync/atomic"
	"syscall/js"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/wasm/bridge"
)

// keeper is a page that keeps the session: it answers each event with answer, an object
// that is completed by the event's ask.
type keeper struct {
	host  js.Value
	asker *asker
}

func openKeeper(t *testing.T) *keeper {
	t.Helper()
	host := js.Global().Call("eval", `({sent: [], send(op, id, meta) { this.sent.push({op, id, meta}); }})`)
	js.Global().Set("__test_keeper", host)
	port, err := bridge.Open("__test_keeper")
	if err != nil {
		t.Fatal(err)
	}
	return &keeper{host, newAsker(port)}
}

// event waits for the one of this number, and returns its fields.
func (k *keeper) event(t *testing.T, number int) js.Value {
	t.Helper()
	for k.host.Get("sent").Length() <= number {
		if t.Context().Err() != nil {
			t.Fatal("the page was not asked")
		}
		time.Sleep(time.Millisecond)
	}
	message := k.host.Get("sent").Index(number)
	if op := message.Get("op").String(); op != "token" {
		t.Fatalf("the page was sent %q", op)
	}
	return js.Global().Get("JSON").Call("parse", message.Get("meta"))
}

func (k *keeper) answer(t *testing.T, fields map[string]any) {
	t.Helper()
	if _, err := k.asker.answer(bridge.Decode("answerToken", safejs.Safe(js.ValueOf(fields)))); err != nil {
		t.Error(err)
	}
}

func TestAsker_AnswersWhoAsked(t *testing.T) {
	k := openKeeper(t)
	texts := make(chan string, 2)
	for _, refused := range []string{"", "old"} {
		go func() {
			got, err := k.asker.token(t.Context(), 7, refused)
			if err != nil {
				t.Error(err)
			}
			texts <- refused + got.text
		}()
	}
	first, second := k.event(t, 0), k.event(t, 1)
	if first.Get("backend").Int() != 7 {
		t.Error("the event does not name the backend")
	}
	if first.Get("refused").IsUndefined() == second.Get("refused").IsUndefined() {
		t.Error("one event names the token that was refused")
	}
	for _, event := range []js.Value{second, first} {
		k.answer(t, map[string]any{"ask": event.Get("ask"), "token": "new", "lives": 1000})
	}
	got := map[string]bool{<-texts: true, <-texts: true}
	if !got["new"] || !got["oldnew"] {
		t.Errorf("the answers are %v", got)
	}
}

func TestAsker_Rejected(t *testing.T) {
	k := openKeeper(t)
	failed := make(chan error, 1)
	go func() {
		_, err := k.asker.token(t.Context(), 1, "")
		failed <- err
	}()
	ask := k.event(t, 0).Get("ask")
	k.answer(t, map[string]any{"ask": ask, "kind": "Unauthenticated", "message": "Sign in again."})
	if e := cmserr.From(<-failed); e.Kind != cmserr.Unauthenticated || e.Message() != "Sign in again." {
		t.Errorf("the error is %v", e)
	}
}

func TestAsker_WrongAnswer(t *testing.T) {
	k := openKeeper(t)
	failed := make(chan error, 1)
	go func() {
		_, err := k.asker.token(t.Context(), 1, "")
		failed <- err
	}()
	wrong := map[string]any{"ask": k.event(t, 0).Get("ask"), "token": "new", "lives": 0.5}
	if _, err := k.asker.answer(bridge.Decode("answerToken", safejs.Safe(js.ValueOf(wrong)))); err == nil {
		t.Error("half a millisecond is taken")
	}
	if err := <-failed; !cmserr.Is(err, cmserr.Invalid) {
		t.Errorf("the error is %v", err)
	}
}

func TestAsker_GivenUp(t *testing.T) {
	k := openKeeper(t)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := k.asker.token(ctx, 1, "")
		failed <- err
	}()
	ask := k.event(t, 0).Get("ask")
	cancel()
	if err := <-failed; err != context.Canceled {
		t.Errorf("the error is %v", err)
	}
	k.answer(t, map[string]any{"ask": ask, "token": "late", "lives": 1000})
	if len(k.asker.asked) != 0 {
		t.Error("a question is left")
	}
}

func TestPageToken_AsksOnlyWhenNeeded(t *testing.T) {
	var asked atomic.Int32
	lives := time.Hour
	held := &pageToken{ask: func(_ context.Context, refused string) (token, error) {
		asked.Add(1)
		return token{refused + "+", time.Now().Add(lives)}, nil
	}}
	want := func(refused, text string, times int32) {
		t.Helper()
		got, err := held.renew(t.Context(), refused)
		if got != text || err != nil || asked.Load() != times {
			t.Errorf("%q, %v after %d questions; want %q after %d", got, err, asked.Load(), text, times)
		}
	}
	want("", "+", 1)
	want("", "+", 1)
	want("+", "++", 2)
	want("+", "++", 2) // Who was refused at the same time, and hears of it later.
	lives = -time.Second
	want("++", "+++", 3)
	want("", "+", 4)
}

func TestPageToken_ForgetsAtAnError(t *testing.T) {
	var fails error
	held := &pageToken{ask: func(context.Context, string) (token, error) {
		if fails != nil {
			return token{}, fails
		}
		return token{"good", time.Now().Add(time.Hour)}, nil
	}}
	if _, err := held.get(t.Context()); err != nil {
		t.Fatal(err)
	}
	fails = cmserr.New(cmserr.Unauthenticated, "Sign in again.")
	if got, err := held.renew(t.Context(), "good"); got != "" || err == nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := held.get(t.Context()); got != "" || err == nil {
		t.Errorf("%q, %v", got, err)
	}
}
