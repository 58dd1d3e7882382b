package fakeoauth

import (
	"encoding/json"
	"net/http"

	"mooring/backends/fakehost"
)

// TroubleAnswer is what a token endpoint in trouble says, whatever it is asked.
type TroubleAnswer struct {
	Status     int
	Type, Body string
}

// Troubles are by the names that Settings.Trouble takes.
var Troubles = map[string]TroubleAnswer{
	"badRequest":  {http.StatusBadRequest, "application/json", `{"error":"invalid_request","error_description":"The request is malformed."}`},
	"serverError": {http.StatusInternalServerError, "application/json", `{"message":"500 Internal Server Error"}`},
	"html":        {http.StatusOK, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title><p>Please sign in to the network."},
	"text":        {http.StatusOK, "application/json", "not JSON"},
	"noToken":     {http.StatusOK, "application/json", `{"token_type":"bearer"}`},
	"empty":       {http.StatusOK, "application/json", ""},
}

// refuse answers a fault.
func refuse(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
	status := e.Refusal(w.Header())
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "temporarily_unavailable", "error_description": http.StatusText(status)})
}
