//go:build js && wasm

package bridge

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/backends/content"
)

// page is the other end of the boundary.
type page struct {
	host js.Value
	port *Port
	done chan error
}

func open(t *testing.T, handle Handler) *page {
	t.Helper()
	host := js.Global().Call("eval", `({
		answers: new Map(), waiting: new Map(),
		ready(receive, version) { this.receive = receive; this.version = version; },
		send(op, id, meta, texts, sizes, blobs) {
			const settle = this.waiting.get(id);
			this.waiting.delete(id);
			if (settle) settle({op, id, meta, texts, sizes, blobs});
		},
		call(id, method, args) {
			return new Promise((resolve) => {
				this.waiting.set(id, resolve);
				this.receive({op: 'call', id, method, args});
			});
		},
	})`)
	key := "page_" + t.Name()
	js.Global().Set(key, host)
	port, err := Open(key)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{host: host, port: port, done: make(chan error, 1)}
	go func() { p.done <- port.Serve(handle) }()
	for host.Get("receive").IsUndefined() {
		time.Sleep(time.Millisecond)
	}
	t.Cleanup(p.dispose)
	return p
}

func (p *page) dispose() {
	if p.done == nil {
		return
	}
	p.host.Call("receive", map[string]any{"op": "dispose"})
	<-p.done
	p.done = nil
}

// call answers op and meta.
func (p *page) call(t *testing.T, id int, method string, args any) (string, string) {
	t.Helper()
	answer, err := Await(context.Background(), safejs.Safe(p.host.Call("call", id, method, args)))
	if err != nil {
		t.Fatal(err)
	}
	m := safejs.Unsafe(answer)
	return m.Get("op").String(), m.Get("meta").String()
}

func echo(_ context.Context, method string, args *Decoder) (*Result, error) {
	switch method {
	case "panic":
		var nobody *Decoder
		_ = nobody.method
	case "panicText":
		panic("a text")
	case "fail":
		return nil, cmserr.At(cmserr.New(cmserr.Conflict, "It moved."), "fail", "host", "a/b.md")
	}
	r := &Result{Texts: []string{args.OptString("text")}, Blobs: []content.Content{content.Bytes{1, 2}}}
	r.Meta.Object(func() { r.Meta.Field("method").String(method) })
	return r, args.Err()
}

func TestServe_Call(t *testing.T) {
	p := open(t, echo)
	op, meta := p.call(t, 7, "hello", map[string]any{"text": "x"})
	if op != "result" || meta != `{"method":"hello"}` {
		t.Errorf("got %s %s", op, meta)
	}
	if got := p.host.Get("version").Int(); got != Version {
		t.Errorf("version %d was announced, not %d", got, Version)
	}
}

func TestServe_Error(t *testing.T) {
	op, meta := open(t, echo).call(t, 1, "fail", map[string]any{})
	want := `{"kind":"Conflict","message":"It moved.","op":"fail","host":"host","path":"a/b.md","paths":[],"status":0,"retryAfter":0}`
	if op != "error" || meta != want {
		t.Errorf("got %s %s", op, meta)
	}
}

func TestServe_PanicLeavesTheProgramUsable(t *testing.T) {
	p := open(t, echo)
	for _, method := range []string{"panic", "panicText"} {
		op, meta := p.call(t, 1, method, map[string]any{})
		if op != "error" || !strings.Contains(meta, `"kind":"Internal"`) {
			t.Errorf("%s: got %s %s", method, op, meta)
		}
		if op, _ := p.call(t, 2, "hello", map[string]any{}); op != "result" {
			t.Errorf("the call after %s failed", method)
		}
	}
}

func TestServe_WrongArgumentNamesMethodAndField(t *testing.T) {
	op, meta := open(t, echo).call(t, 1, "hello", map[string]any{"text": 5})
	if op != "error" || !strings.Contains(meta, "hello: text must be a string, not number.") {
		t.Errorf("got %s %s", op, meta)
	}
}

func TestServe_CancelEndsTheContext(t *testing.T) {
	started, ended := make(chan bool, 1), make(chan error, 1)
	p := open(t, func(ctx context.Context, _ string, _ *Decoder) (*Result, error) {
		started <- true
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	})
	p.host.Call("receive", map[string]any{"op": "call", "id": 3, "method": "wait", "args": map[string]any{}})
	<-started
	p.host.Call("receive", map[string]any{"op": "cancel", "id": 3})
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v", err)
	}
}

func TestServe_DisposeCancelsWhatIsPending(t *testing.T) {
	started, ended := make(chan bool, 1), make(chan bool, 1)
	p := open(t, func(ctx context.Context, _ string, _ *Decoder) (*Result, error) {
		started <- true
		<-ctx.Done()
		ended <- true
		return nil, nil
	})
	p.host.Call("receive", map[string]any{"op": "call", "id": 1, "method": "wait", "args": map[string]any{}})
	<-started
	p.dispose()
	<-ended
}

// Every Func that is not released keeps more than a kilobyte in the heap, so ten
// thousand calls that forget one each would leave at least ten thousand objects.
func TestServe_TenThousandCallsLeaveNothing(t *testing.T) {
	p := open(t, echo)
	round := func(n int) {
		for i := range n {
			p.call(t, i+1, "hello", map[string]any{"text": "some text"})
		}
	}
	round(500)
	before := liveObjects()
	round(10_000)
	if grown := int64(liveObjects()) - int64(before); grown > 500 {
		t.Errorf("10,000 calls left %d objects in the Go heap", grown)
	}
	if left := len(p.port.calls); left != 0 {
		t.Errorf("%d calls are still noted", left)
	}
}

func liveObjects() uint64 {
	// Two rounds: finalizers of JavaScript references run after the first.
	for range 2 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}

func TestOpen_WithoutLoader(t *testing.T) {
	if _, err := Open("nothing of this name"); !cmserr.Is(err, cmserr.Internal) {
		t.Errorf("got %v", err)
	}
}

func TestAwait_Rejection(t *testing.T) {
	for code, want := range map[string]string{
		`Promise.reject(new TypeError("no"))`: "no",
		`Promise.reject("a text")`:            "a text",
		`Promise.reject(undefined)`:           "A promise was rejected without a reason.",
		`Promise.reject(null)`:                "A promise was rejected without a reason.",
	} {
		_, err := Await(context.Background(), safejs.Safe(js.Global().Call("eval", code)))
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v", code, err)
		}
	}
}

func TestAwait_EndOfContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	late := js.Global().Call("eval", `new Promise((resolve) => setTimeout(resolve, 20))`)
	if _, err := Await(ctx, safejs.Safe(late)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// The promise settles after all: its callbacks must still be there to be called.
	time.Sleep(40 * time.Millisecond)
}

func TestAwait_NoPromise(t *testing.T) {
	if _, err := Await(context.Background(), safejs.Safe(js.ValueOf(3))); err == nil {
		t.Error("a number was awaited")
	}
}
