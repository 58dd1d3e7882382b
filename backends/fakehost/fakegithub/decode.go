package fakegithub

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
)

// decode reads the request's JSON object; no body is an empty one.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	err := json.Unmarshal(c.body, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return &apiError{status: http.StatusUnprocessableEntity,
			message: "Invalid request.\n\nFor '" + wrong.Field + "', " + wrong.Value + " is not a " + wrong.Type.String() + "."}
	}
	if err != nil {
		return &apiError{status: http.StatusBadRequest, message: "Problems parsing JSON"}
	}
	return nil
}

// oid reads an object id; the message for anything else is the host's.
func oid(text string) (plumbing.Hash, error) {
	if !plumbing.IsHash(text) {
		return plumbing.ZeroHash, invalid("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
	}
	return plumbing.NewHash(text), nil
}

// nonEmpty refuses what needs a commit in a repository that has none.
func (c *call) nonEmpty() error {
	if len(c.repo.Refs("refs/heads/")) > 0 {
		return nil
	}
	return &apiError{status: http.StatusConflict, message: "Git Repository is empty."}
}
