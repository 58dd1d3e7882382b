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
	"mooring/backends/content"
	"mooring/backends/rest"
	"mooring/wasm/bridge"
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
		await new Promise((r) => setTimeout(r, 600));
		if (++n > 4) c.close(); else c.enqueue(new Uint8Array([n]));
	}})) }`)
	c.silence = 2 * time.Second
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

func blob(t *testing.T, code string) *bridge.Blob {
	t.Helper()
	b, err := bridge.NewBlob(safejs.Safe(js.Global().Call("eval", "["+code+"]")))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A Blob goes to fetch as it is, however often it is sent.
func TestDo_SendsByReference(t *testing.T) {
	c := client(`async (url, init) => new Response([init.body instanceof Blob, init.body.size, await init.body.text()].join(' '))`)
	req := post()
	req.Body, req.Content = nil, blob(t, `'a', 'b'`)
	for range 2 {
		res, err := c.Do(context.Background(), req)
		if err != nil || string(res.Body) != "true 2 ab" {
			t.Errorf("got %v, %v", res, err)
		}
	}
	req.Content = content.Bytes("in memory")
	res, err := client(`async (url, init) => new Response(init.body)`).Do(context.Background(), req)
	if err != nil || string(res.Body) != "in memory" {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestDo_AnswersByReference(t *testing.T) {
	req := &rest.Request{Method: "GET", URL: "http://host.example/", Refer: true}
	res, err := client(`async () => new Response(new Uint8Array(5_000_000).fill(7))`).Do(context.Background(), req)
	if err != nil || res.Body != nil {
		t.Fatalf("got %v, %v", res, err)
	}
	data, err := res.Whole().Bytes(context.Background())
	if _, isBlob := res.Content.(*bridge.Blob); !isBlob || err != nil || len(data) != 5_000_000 || data[4_999_999] != 7 {
		t.Errorf("got %T of %d bytes, %v", res.Content, len(data), err)
	}
	res, err = client(`async () => new Response(null, {status: 204})`).Do(context.Background(), req)
	if err != nil || res.Whole().Size() != 0 {
		t.Errorf("got %v, %v", res, err)
	}
	res, err = client(`async () => new Response('why', {status: 404})`).Do(context.Background(), req)
	if err != nil || res.Content != nil || string(res.Body) != "why" {
		t.Errorf("what a host says of a failure is to be read: %v, %v", res, err)
	}
}

// While a file is sent the host has nothing to say.
func TestToSend_GrowsWithTheFile(t *testing.T) {
	req := post()
	if got := toSend(req); got != 0 {
		t.Errorf("a small request takes %v", got)
	}
	req.Content = blob(t, `new Uint8Array(10 * 1024 * 1024)`)
	if got := toSend(req); got != 640*time.Second {
		t.Errorf("10 MB take %v", got)
	}
}
