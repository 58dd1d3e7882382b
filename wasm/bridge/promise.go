//go:build js && wasm

package bridge

import (
	"context"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
)

// Await waits for a promise. A rejection becomes an error with the reason's
// message; the end of ctx returns at once, and the promise's two callbacks are
// released whenever it settles after all.
func Await(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	type outcome struct {
		value safejs.Value
		err   error
	}
	done := make(chan outcome, 1)
	var resolved, rejected safejs.Func
	settle := func(o outcome) {
		resolved.Release()
		rejected.Release()
		done <- o
	}
	var err error
	resolved, err = safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		settle(outcome{value: first(args)})
		return nil
	})
	if err != nil {
		return safejs.Undefined(), internal(err)
	}
	rejected, err = safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		settle(outcome{err: reason(first(args))})
		return nil
	})
	if err != nil {
		resolved.Release()
		return safejs.Undefined(), internal(err)
	}
	if _, err := promise.Call("then", resolved, rejected); err != nil {
		resolved.Release()
		rejected.Release()
		return safejs.Undefined(), internal(err)
	}
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return safejs.Undefined(), ctx.Err()
	}
}

func first(args []safejs.Value) safejs.Value {
	if len(args) == 0 {
		return safejs.Undefined()
	}
	return args[0]
}

// Rejection is what a promise was rejected with.
type Rejection struct{ Name, Message string }

func (r *Rejection) Error() string { return r.Message }

func reason(v safejs.Value) error {
	if text, err := v.String(); err == nil && v.Type() == safejs.TypeString {
		return &Rejection{Message: text}
	}
	r := &Rejection{Message: "A promise was rejected without a reason."}
	if v.Type() != safejs.TypeObject {
		return r
	}
	if name, err := getString(v, "name"); err == nil {
		r.Name = name
	}
	if message, err := getString(v, "message"); err == nil && message != "" {
		r.Message = message
	}
	return r
}

func getString(v safejs.Value, name string) (string, error) {
	field, err := v.Get(name)
	if err != nil {
		return "", err
	}
	if field.Type() != safejs.TypeString {
		return "", nil
	}
	return field.String()
}

// internal marks a failure of the boundary itself: a defect of Mooring.
func internal(err error) error {
	return cmserr.Wrap(cmserr.Internal, err, "Mooring could not talk to the page: "+err.Error())
}
