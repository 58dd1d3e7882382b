//go:build js && wasm

package jsbackend

import (
	"context"
	"sync"
	"time"

	"mooring/backends/cmserr"
	"mooring/wasm/bridge"
)

// token is one that the page answered with, and until when it need not be asked again.
type token struct {
	text string
	good time.Time
}

// asker asks the page for tokens, where that keeps the session: a "token" event {ask,
// backend, refused} goes out, a call of answerToken with the same ask comes back.
type asker struct {
	port  *bridge.Port
	mu    sync.Mutex
	asked map[int]chan<- outcome
	last  int
}

type outcome struct {
	token token
	err   error
}

func newAsker(port *bridge.Port) *asker {
	return &asker{port: port, asked: map[int]chan<- outcome{}}
}

// token is one for a backend, and another than the one that the host refused, if any.
func (a *asker) token(ctx context.Context, backend int, refused string) (token, error) {
	answered := make(chan outcome, 1)
	a.mu.Lock()
	a.last++
	id := a.last
	a.asked[id] = answered
	a.mu.Unlock()
	a.port.Event("token", object(func(j *bridge.JSON) {
		j.Field("ask").Int(id)
		j.Field("backend").Int(backend)
		j.FieldIf("refused", refused)
	}))
	select {
	case o := <-answered:
		return o.token, o.err
	case <-ctx.Done():
		a.take(id)
		return token{}, ctx.Err()
	}
}

// answer takes {ask, token, lives}, lives in milliseconds, or {ask, kind, message} where
// no token can be had.
func (a *asker) answer(d *bridge.Decoder) (*bridge.Result, error) {
	id, text, lives := d.OptInt("ask"), d.OptString("token"), d.OptInt("lives")
	kind, message := d.OptString("kind"), d.OptString("message")
	answered, err := a.take(id), d.Err()
	switch {
	case answered == nil: // whoever asked has given up
	case err != nil:
		answered <- outcome{err: err}
	case kind != "":
		answered <- outcome{err: cmserr.New(cmserr.ParseKind(kind), message)}
	default:
		good := time.Now().Add(time.Duration(lives) * time.Millisecond)
		answered <- outcome{token: token{text, good}}
	}
	return nil, err
}

func (a *asker) take(id int) chan<- outcome {
	a.mu.Lock()
	defer a.mu.Unlock()
	answered := a.asked[id]
	delete(a.asked, id)
	return answered
}

// pageToken is Env.Token and Env.Renew of a backend whose session the page keeps. A
// token is kept for as long as it is good: the page may be busy with something else.
type pageToken struct {
	ask  func(ctx context.Context, refused string) (token, error)
	mu   sync.Mutex
	held token
}

func (t *pageToken) get(ctx context.Context) (string, error) { return t.renew(ctx, "") }

// renew asks the page unless another token than the refused one is here already. Of many
// that ask at the same time the page makes one renewal.
func (t *pageToken) renew(ctx context.Context, refused string) (string, error) {
	t.mu.Lock()
	held := t.held
	t.mu.Unlock()
	if held.text != refused && time.Now().Before(held.good) {
		return held.text, nil
	}
	held, err := t.ask(ctx, refused)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = held
	return held.text, err
}
