package drivertest

import (
	"testing"

	"mooring/backends/driver"
)

func nameCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Names": namesOfAccounts,
		"None":  namesOfNobody,
	})
}

// namesOfAccounts: an account has a name, and nobody is called by their login.
func namesOfAccounts(t *testing.T, h Harness) {
	r := h.open(t, nil)
	u, err := r.User(t.Context())
	r.ok(err, "User")
	got, err := r.Driver.(driver.Namer).Names(t.Context(), []string{"no-such-account", u.Login, "neither"})
	r.ok(err, "Names")
	if len(got) != 3 || got[0] != "no-such-account" || got[1] != u.Name || got[2] != "neither" {
		t.Errorf("got %q, want the name %q between two logins", got, u.Name)
	}
}

func namesOfNobody(t *testing.T, h Harness) {
	r := h.open(t, nil)
	if got, err := r.Driver.(driver.Namer).Names(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("got %q, %v", got, err)
	}
}
