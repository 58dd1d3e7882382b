package fakegitlab

import (
	"errors"
	"net/http"

	"mooring/backends/fakehost"
)

// apiError is an error answer: {"message": …}, or body when that is set.
type apiError struct {
	status  int
	message any // a string, a list or an object of lists
	body    obj
	// location is where a 301 leads.
	location string
}

func (e *apiError) Error() string {
	if text, ok := e.message.(string); ok {
		return text
	}
	return http.StatusText(e.status)
}

// notFound is the answer for what isn't there, or what the user may not know
// of: 404 Project Not Found.
func notFound(what string) error {
	message := "404 Not Found"
	if what != "" {
		message = "404 " + what + " Not Found"
	}
	return &apiError{status: http.StatusNotFound, message: message}
}

func forbidden(reason string) error {
	message := "403 Forbidden"
	if reason != "" {
		message += " - " + reason
	}
	return &apiError{status: http.StatusForbidden, message: message}
}

// badRequest is what validations of a request's form answer.
func badRequest(reason string) error {
	return &apiError{status: http.StatusBadRequest, message: "400 Bad request - " + reason}
}

// refused is an error whose text is the whole message, as services give it.
func refused(status int, message string) error {
	return &apiError{status: status, message: message}
}

var errUnauthorized = &apiError{status: http.StatusUnauthorized, message: "401 Unauthorized"}

// failure is the answer for an error of a route or of the model.
func (c *call) failure(err error) *answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = modelError(err)
	}
	a := &answer{status: e.status, body: e.body}
	if e.body == nil {
		a.body = obj{"message": e.message}
	}
	if e.location != "" {
		a.header = map[string]string{"Location": e.location}
	}
	return a
}

// modelError is the usual answer for a refusal of the model. Routes for which
// the host has another one say so themselves.
func modelError(err error) *apiError {
	switch fakehost.KindOf(err) {
	case fakehost.NotFound:
		return &apiError{status: http.StatusNotFound, message: "404 Not Found"}
	case fakehost.Forbidden:
		return &apiError{status: http.StatusForbidden, message: "403 Forbidden"}
	case 0:
		return &apiError{status: http.StatusInternalServerError, message: "500 Internal Server Error"}
	}
	return &apiError{status: http.StatusBadRequest, message: err.Error()}
}
