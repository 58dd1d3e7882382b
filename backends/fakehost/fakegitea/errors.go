package fakegitea

import (
	"net/http"

	"mooring/backends/fakehost"
)

// apiError is an error answer.
type apiError struct {
	status  int
	message string
	form    form
	errors  []string // of form withErrors
	header  map[string]string
}

func (e *apiError) Error() string { return e.message }

// form is how an error looks. The server has several (services/context/api.go).
type form int

const (
	plain      form = iota // {"message", "url"}
	withErrors             // {"message", "url", "errors"}: every 404 but a few
	jsonNull               // null
	noBody
	plainText // of the router
	noMethod  // of the router, without a body
)

// notFound is APIErrorNotFound(): errs explain it.
func notFound(errs ...string) error {
	return &apiError{status: http.StatusNotFound, form: withErrors, message: "not found", errors: errs}
}

func notFoundAs(message string, errs ...string) error {
	return &apiError{status: http.StatusNotFound, form: withErrors, message: message, errors: errs}
}

func refused(status int, message string) error { return &apiError{status: status, message: message} }

func badRequest(message string) error { return refused(http.StatusBadRequest, message) }
func invalid(message string) error    { return refused(http.StatusUnprocessableEntity, message) }
func forbidden(message string) error  { return refused(http.StatusForbidden, message) }
func conflict(message string) error   { return refused(http.StatusConflict, message) }

// internal is a 500. The server tells its reason to none but its own
// administrators, whom the fake doesn't have.
func internal() error { return refused(http.StatusInternalServerError, "") }

// missingObject is how the server's Git names what isn't there.
func missingObject(id, path string) string {
	return "object does not exist [id: " + id + ", rel_path: " + path + "]"
}

// failure is the answer for an error of a route or of the model.
func (c *call) failure(err error) *answer {
	e, ok := err.(*apiError)
	if !ok {
		e = modelError(err)
	}
	a := &answer{status: e.status, header: e.header}
	docs := c.root() + "/api/swagger"
	switch e.form {
	case withErrors:
		a.body = obj{"message": e.message, "url": docs, "errors": e.errors}
	case jsonNull:
		a.raw, a.mime = []byte("null\n"), jsonMIME
	case plainText:
		a.raw, a.mime, a.routed = []byte(e.message), "text/plain; charset=utf-8", true
	case noBody, noMethod:
		a.empty, a.routed = true, e.form == noMethod
	default:
		a.body = obj{"message": e.message, "url": docs}
	}
	return a
}

// modelError is the answer for a refusal of the model that no route has another
// one for.
func modelError(err error) *apiError {
	switch fakehost.KindOf(err) {
	case fakehost.NotFound:
		return &apiError{status: http.StatusNotFound, form: withErrors, message: "not found"}
	case fakehost.Forbidden, fakehost.Protected:
		return &apiError{status: http.StatusForbidden, message: err.Error()}
	case fakehost.Conflict, fakehost.Moved, fakehost.Exists, fakehost.EmptyRepo:
		return &apiError{status: http.StatusConflict, message: err.Error()}
	case fakehost.Blocked:
		return &apiError{status: http.StatusMethodNotAllowed, message: err.Error()}
	}
	return &apiError{status: http.StatusInternalServerError}
}
