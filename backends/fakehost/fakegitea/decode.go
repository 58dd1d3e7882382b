package fakegitea

import (
	"encoding/json"
	"errors"
	"net/http"
)

// decode reads the request's JSON. The messages are those of
// gitea.com/go-chi/binding as routers/api/v1/api.go (bind) words them.
func (c *call) decode(into any) error {
	if len(c.body) == 0 {
		return &apiError{status: http.StatusUnprocessableEntity, message: "[]: EOF"}
	}
	err := json.Unmarshal(c.body, into)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) || err != nil {
		return invalid("[]: " + err.Error())
	}
	return nil
}

// required refuses an empty field, by the name that it has in the server's
// sources.
func required(field, value string) error {
	if value == "" {
		return invalid("[" + field + "]: Required")
	}
	return nil
}
