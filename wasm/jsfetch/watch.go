//go:build js && wasm

package jsfetch

import (
	"context"
	"errors"
	"time"
)

var errSilent = errors.New("the host fell silent")

// watch cancels a request whose host has sent nothing for a while.
type watch struct {
	parent context.Context
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	after  time.Duration
	limit  time.Duration // that holds now
}

// startWatch waits for as long as the request takes to be sent, and then for after.
func startWatch(parent context.Context, after, toSend time.Duration) (*watch, context.Context) {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watch{parent: parent, ctx: ctx, cancel: cancel, after: after, limit: toSend + after}
	w.timer = time.AfterFunc(w.limit, func() { cancel(errSilent) })
	return w, ctx
}

// heard starts the waiting anew.
func (w *watch) heard() {
	w.limit = w.after
	w.timer.Reset(w.after)
}

func (w *watch) silent() bool { return errors.Is(context.Cause(w.ctx), errSilent) }

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}
