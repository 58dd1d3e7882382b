package fakeoauth

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
)

// popup is the broker's page, which speaks to its opener.
type popup struct {
	Hello  string
	Next   string // where it goes once the opener answered, followed by the opener's origin
	Answer string
	Target string // origin that the answer goes to unasked; empty to wait for the opener
	Silent bool
	Closes bool
	Nonce  string
}

var popups = template.Must(template.New("popup").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Signing in</title>
<p>Signing you in…
{{if .Silent}}{{else if .Closes}}<script nonce="{{.Nonce}}">close();</script>
{{else}}<script nonce="{{.Nonce}}">
(() => {
  const hello = {{.Hello}}, answer = {{.Answer}}, next = {{.Next}}, target = {{.Target}};
  if (!opener) return;
  addEventListener('message', ({ source, data, origin }) => {
    if (source !== opener || data !== hello) return;
    if (next) location.replace(next + encodeURIComponent(origin));
    else opener.postMessage(answer, origin);
  });
  if (!target || target === '*') opener.postMessage(hello, '*');
  if (target) opener.postMessage(answer, target);
})();
</script>
{{end}}</html>
`))

func (p popup) write(w http.ResponseWriter) {
	p.Nonce = rand.Text()
	var text bytes.Buffer
	if err := popups.Execute(&text, p); err != nil {
		panic(err) // the template is of this package
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+p.Nonce+"'; base-uri 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text.Bytes()) // a client that went away needs no answer
}
