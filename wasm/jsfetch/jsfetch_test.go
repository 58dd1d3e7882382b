//go:build js && wasm

package jsfetch

import (
	"context"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// client speaks to a fetch function given as JavaScript.
func client(code string) *Client {
	return New(safejs.Safe(js.Global().Call("eval", "("+code+")")))
}

func post() *rest.Request {
	return &rest.Request{Method: "POST", URL: "http://host.example:8081/api?key=secret", Header: rest.Header{"X-One": "1"}, Body: []byte("hello")}
}

func TestDo_Answer(t *testing.T) {
	res, err := client(`async (url, init) => new Response(
		[url, init.method, init.headers['X-One'], new TextDecoder().decode(init.body), init.credentials].join(' '),
		{status: 201, headers: {'X-Two': 'a, b'}})`).Do(context.Background(), post())
	if err != nil {
		t.Fatal(err)
	}
	if want := "http://host.example:8081/api?key=secret POST 1 hello omit"; string(res.Body) != want {
		t.Errorf("got %q, want %q", res.Body, want)
	}
	if res.Status != 201 || res.Header.Get("x-TWO") != "a, b" {
		t.Errorf("got status %d, header %v", res.Status, res.Header)
	}
}

// Request itself refuses a mode that does not exist.
func TestDo_ReadsPassTheBrowsersCache(t *testing.T) {
	get := &rest.Request{Method: "GET", URL: "http://host.example:8081/api"}
	validated := *get
	validated.Validated = true
	for req, want := range map[*rest.Request]string{get: "no-store", &validated: "default", post(): "default"} {
		res, err := client(`async (url, init) => new Response(new Request(url, init).cache)`).Do(context.Background(), req)
		if err != nil || string(res.Body) != want {
			t.Errorf("%s: got %v, %v; want %s", req.Method, res, err, want)
		}
	}
}

func TestDo_BigBodyIsWhole(t *testing.T) {
	res, err := client(`async () => new Response(new Uint8Array(5_000_000).fill(7))`).Do(context.Background(), post())
	if err != nil || len(res.Body) != 5_000_000 || res.Body[4_999_999] != 7 {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestDo_NoBody(t *testing.T) {
	res, err := client(`async () => new Response(null, {status: 204})`).Do(context.Background(), post())
	if err != nil || res.Status != 204 || len(res.Body) != 0 {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestDo_NetworkErrorsNameTheHostAndKeepSecrets(t *testing.T) {
	for name, code := range map[string]string{
		"refused":        `() => Promise.reject(new TypeError('Failed to fetch'))`,
		"throws":         `() => { throw new TypeError('bad') }`,
		"no promise":     `() => 5`,
		"breaks off":     `async () => new Response(new ReadableStream({pull(c) { c.error(new TypeError('cut')) }}))`,
		"no real answer": `async () => ({})`,
	} {
		_, err := client(code).Do(context.Background(), post())
		if !cmserr.Is(err, cmserr.Network) || !strings.Contains(err.Error(), "http://host.example:8081") {
			t.Errorf("%s: got %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the message holds the query: %v", name, err)
		}
	}
}

// waiting is a fetch that answers nothing until it is aborted.
const waiting = `(url, {signal}) => new Promise((_, reject) =>
	signal.addEventListener('abort', () => { globalThis.aborted = true; reject(signal.reason) }))`

func TestDo_CancelAborts(t *testing.T) {
	js.Global().Set("aborted", false)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err := client(waiting).Do(ctx, post())
	if !cmserr.Is(err, cmserr.Canceled) {
		t.Errorf("got %v", err)
	}
	if !js.Global().Get("aborted").Bool() {
		t.Error("fetch was not aborted")
	}
}

func TestDo_SilenceIsATimeout(t *testing.T) {
	js.Global().Set("aborted", false)
	c := client(waiting)
	c.silence = 20 * time.Millisecond
	_, err := c.Do(context.Background(), post())
	if !cmserr.Is(err, cmserr.Network) || !strings.Contains(err.Error(), "sent nothing for 20ms") {
		t.Errorf("got %v", err)
	}
	if !js.Global().Get("aborted").Bool() {
		t.Error("fetch was not aborted")
	}
}

// Four chunks, each within the limit, though together they take longer.
func TestDo_SlowButSteadyIsNoTimeout(t *testing.T) {
	c := client(`async () => { let n = 0; return new Response(new ReadableStream({async pull(c) {
		await new Promise((r) => setTimeout(r, 60));
		if (++n > 4) c.close(); else c.enqueue(new Uint8Array([n]));
	}})) }`)
	c.silence = 200 * time.Millisecond
	res, err := c.Do(context.Background(), post())
	if err != nil || string(res.Body) != "\x01\x02\x03\x04" {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestDo_SilenceInTheMiddleIsATimeout(t *testing.T) {
	c := client(`async () => new Response(new ReadableStream({start(c) { c.enqueue(new Uint8Array([1])) }}))`)
	c.silence = 20 * time.Millisecond
	if _, err := c.Do(context.Background(), post()); !cmserr.Is(err, cmserr.Network) {
		t.Errorf("got %v", err)
	}
}
