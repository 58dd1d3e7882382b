package fakegotrue

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"mooring/backends/fakehost"
)

// apiError is an error of most endpoints.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"msg"`
}

func (e *apiError) Error() string { return e.Message }

func fail(code int, format string, args ...any) error {
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) error {
	return fail(http.StatusBadRequest, format, args...)
}

func unauthorized(format string, args ...any) error {
	return fail(http.StatusUnauthorized, format, args...)
}

func unprocessable(format string, args ...any) error {
	return fail(http.StatusUnprocessableEntity, format, args...)
}

var errNoUser = fail(http.StatusNotFound, "User not found")

// oauthError is an error of POST /token, always with 400.
type oauthError struct {
	Name        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func (e *oauthError) Error() string { return e.Description }

func invalidGrant(description string) error {
	return &oauthError{Name: "invalid_grant", Description: description}
}

// statusOf is the status of an error's answer.
func statusOf(err error) int {
	var api *apiError
	if errors.As(err, &api) {
		return api.Code
	}
	return http.StatusBadRequest
}

func encode(status int, body any) (int, []byte) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // all bodies are of this package
	}
	return status, text
}

// refuse answers a fault. Too many sign-ins from an address are a 429.
func refuse(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
	status := e.Refusal(w.Header())
	message := http.StatusText(status)
	if status == http.StatusTooManyRequests {
		message = "Rate limit exceeded"
	}
	status, text := encode(status, fail(status, "%s", message))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
