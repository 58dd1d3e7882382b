package fakegithub

import (
	"net/http"
	"strconv"

	"mooring/backends/fakehost"
)

// apiError is an error answer.
type apiError struct {
	status  int
	message string
	errors  []any // of a 422
	docs    string
	header  map[string]string
}

func (e *apiError) Error() string { return e.message }

const docsRoot = "https://docs.github.com/rest"

// notFound is what the host answers for everything that isn't there or that
// the user may not know of.
func notFound(docs string) error {
	return &apiError{status: http.StatusNotFound, message: "Not Found", docs: docs}
}

func invalid(message string) error {
	return &apiError{status: http.StatusUnprocessableEntity, message: message}
}

// validation is a 422 about one field of a resource: code is missing,
// missing_field, invalid, already_exists or custom (which has a message).
func validation(resource, field, code, message string) error {
	e := obj{"resource": resource, "code": code}
	if field != "" {
		e["field"] = field
	}
	if message != "" {
		e["message"] = message
	}
	return &apiError{status: http.StatusUnprocessableEntity, message: "Validation Failed", errors: []any{e}}
}

func forbidden(message string) error {
	return &apiError{status: http.StatusForbidden, message: message}
}

// failure is the answer for an error of a route or of the model.
func (c *call) failure(err error) *answer {
	e, ok := err.(*apiError)
	if !ok {
		e = modelError(err)
	}
	docs := e.docs
	if docs == "" {
		docs = docsRoot
	}
	body := obj{"message": e.message, "documentation_url": docs, "status": strconv.Itoa(e.status)}
	if e.errors != nil {
		body["errors"] = e.errors
	}
	return &answer{status: e.status, body: body, header: e.header}
}

// modelError is the usual answer for a refusal of the model. Routes for which
// the host has another one say so themselves.
func modelError(err error) *apiError {
	status := http.StatusInternalServerError
	switch fakehost.KindOf(err) {
	case fakehost.NotFound:
		return &apiError{status: http.StatusNotFound, message: "Not Found"}
	case fakehost.Exists, fakehost.NotFastForward, fakehost.Invalid, fakehost.Protected:
		status = http.StatusUnprocessableEntity
	case fakehost.Conflict, fakehost.Moved, fakehost.EmptyRepo:
		status = http.StatusConflict
	case fakehost.Forbidden:
		status = http.StatusForbidden
	case fakehost.Blocked:
		status = http.StatusMethodNotAllowed
	}
	return &apiError{status: status, message: err.Error()}
}
