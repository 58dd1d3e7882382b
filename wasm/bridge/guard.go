//go:build js && wasm

package bridge

import (
	"context"
	"sync"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
)

// Version is the version of the messages that cross the boundary. Both sides
// refuse another one: a cached script must not talk to a newer module.
const Version = 2

// HostKey is the global variable in which the loader leaves the host object. The
// program starts, and deletes it, before anything else can run.
const HostKey = "__mooring_host"

// Handler carries out one call. It runs in a goroutine of its own; a panic in it
// rejects that call only.
type Handler func(ctx context.Context, method string, args *Decoder) (*Result, error)

// Port is the Go end of the boundary. The other end is the object that the loader
// leaves for the program: {fetch, store?, send(message), ready(receive)}.
type Port struct {
	host  safejs.Value
	mu    sync.Mutex
	calls map[int]context.CancelFunc
}

// Open takes the host object that the loader left in the global variable key, and
// removes the variable.
func Open(key string) (*Port, error) {
	global := safejs.Global()
	host, err := global.Get(key)
	if err != nil {
		return nil, err
	}
	if host.Type() != safejs.TypeObject {
		return nil, cmserr.New(cmserr.Internal, "The module was started without its loader.")
	}
	if err := global.Delete(key); err != nil {
		return nil, err
	}
	return &Port{host: host, calls: map[int]context.CancelFunc{}}, nil
}

// Host is a member of the host object, undefined if it has none of that name.
func (p *Port) Host(name string) safejs.Value {
	v, err := p.host.Get(name)
	if err != nil {
		return safejs.Undefined()
	}
	return v
}

// Serve answers calls until the other end disposes of the program.
func (p *Port) Serve(handle Handler) error {
	closed := make(chan struct{})
	receive, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		message := first(args)
		switch op, id := messageOp(message); op {
		case opCall:
			p.start(id, message, handle)
		case opCancel:
			p.cancel(id)
		case opDispose:
			close(closed)
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer receive.Release()
	if _, err := p.host.Call("ready", receive, Version); err != nil {
		return err
	}
	<-closed
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, cancel := range p.calls {
		cancel()
	}
	return nil
}

func (p *Port) start(id int, message safejs.Value, handle Handler) {
	ctx, cancel := context.WithCancel(context.Background())
	p.mu.Lock()
	p.calls[id] = cancel
	p.mu.Unlock()
	go func() {
		defer p.cancel(id)
		result, err := guarded(ctx, message, handle)
		if err != nil {
			p.sendError(id, err)
			return
		}
		p.sendResult(id, result)
	}()
}

// cancel ends a call's context and forgets it.
func (p *Port) cancel(id int) {
	p.mu.Lock()
	cancel := p.calls[id]
	delete(p.calls, id)
	p.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// guarded turns a panic into an Internal error, so that one bad call does not
// take the program down.
func guarded(ctx context.Context, message safejs.Value, handle Handler) (result *Result, err error) {
	defer func() {
		if cause := cmserr.Panicked(recover()); cause != nil {
			err = cause
		}
	}()
	method, args := openCall(message)
	return handle(ctx, method, args)
}

type op int

const (
	opUnknown op = iota
	opCall
	opCancel
	opDispose
)

// messageOp reads {id, op}. A message of another shape is not ours: the loader is
// the only one who can send any.
func messageOp(message safejs.Value) (op, int) {
	if message.Type() != safejs.TypeObject {
		return opUnknown, 0
	}
	id, _ := getInt(message, "id")
	name, _ := getString(message, "op")
	switch name {
	case "call":
		return opCall, id
	case "cancel":
		return opCancel, id
	case "dispose":
		return opDispose, id
	}
	return opUnknown, id
}

func openCall(message safejs.Value) (string, *Decoder) {
	method, _ := getString(message, "method")
	args, err := message.Get("args")
	if err != nil {
		args = safejs.Undefined()
	}
	return method, Decode(method, args)
}

func getInt(v safejs.Value, name string) (int, error) {
	field, err := v.Get(name)
	if err != nil || field.Type() != safejs.TypeNumber {
		return 0, err
	}
	return field.Int()
}
