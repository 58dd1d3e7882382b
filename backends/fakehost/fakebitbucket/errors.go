package fakebitbucket

import (
	"errors"
	"net/http"

	"mooring/backends/fakehost"
)

// apiError is an error answer
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses).
type apiError struct {
	status  int
	message string
	detail  any                 // nil, a text or an object
	fields  map[string][]string // of a request's body: what is wrong with each
	data    obj
	header  map[string]string
}

func (e *apiError) Error() string { return e.message }

// status555 is what the API answers when a request takes it too long.
const status555 = 555

func notFound(message string) error {
	return &apiError{status: http.StatusNotFound, message: message}
}

func badRequest(message string) error {
	return &apiError{status: http.StatusBadRequest, message: message}
}

func forbidden(message string) error {
	return &apiError{status: http.StatusForbidden, message: message}
}

// badField is the refusal of one field of a request's body.
func badField(name, reason string) error {
	return &apiError{status: http.StatusBadRequest, message: name + ": " + reason, fields: map[string][]string{name: {reason}}}
}

// gone is what the endpoints answer that were removed in 2026
// (https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-2770).
func gone(*call) (*answer, error) {
	return nil, &apiError{status: http.StatusGone, message: "CHANGE-2770 - Functionality has been deprecated",
		detail: "Please read the changelog entry for more details.",
		data:   obj{"announcement_url": "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}}
}

// failure is the answer for an error of a route or of the model.
func (c *call) failure(err error) *answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = modelError(err)
	}
	inner := obj{"message": e.message}
	if e.detail != nil {
		inner["detail"] = e.detail
	}
	if e.fields != nil {
		inner["fields"] = e.fields
	}
	body := obj{"type": "error", "error": inner}
	if e.data != nil {
		inner["data"], body["data"] = e.data, e.data
	}
	return &answer{status: e.status, body: body, header: e.header}
}

// modelError is the usual answer for a refusal of the model. Routes for which
// the host has another one say so themselves.
func modelError(err error) *apiError {
	status := http.StatusBadRequest
	switch fakehost.KindOf(err) {
	case fakehost.NotFound:
		status = http.StatusNotFound
	case fakehost.Forbidden, fakehost.Protected:
		status = http.StatusForbidden
	case fakehost.Moved:
		status = http.StatusConflict
	case 0:
		return &apiError{status: http.StatusInternalServerError, message: "Something went wrong"}
	}
	return &apiError{status: status, message: err.Error()}
}
