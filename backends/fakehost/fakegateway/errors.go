package fakegateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"mooring/backends/fakehost"
)

// apiError is an error of the gateway and of large media.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"msg"`
}

func (e *apiError) Error() string { return e.Message }

func fail(code int, format string, args ...any) error {
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...)}
}

func writeError(w http.ResponseWriter, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{Code: http.StatusUnauthorized, Message: err.Error()} // the identity service's
	}
	writeJSON(w, "application/json", e.Code, e)
}

func writeJSON(w http.ResponseWriter, mime string, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // all bodies are of this package
	}
	w.Header().Set("Content-Type", mime)
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that went away needs no answer
}

func writeText(w http.ResponseWriter, mime string, status int, text string) {
	w.Header().Set("Content-Type", mime+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// refuse answers a fault of what the site answers by itself.
func refuse(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
	status := e.Refusal(w.Header())
	writeError(w, fail(status, "%s", http.StatusText(status)))
}
