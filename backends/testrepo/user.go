package testrepo

import (
	"context"

	"mooring/backends/driver"
)

// user is who every visitor of a test repository is.
var user = driver.User{Login: "test", Name: "Test user"}

// User implements driver.Driver.
func (r *Repo) User(ctx context.Context) (driver.User, error) {
	if err := r.reading(ctx, func() error { return nil }); err != nil {
		return driver.User{}, err
	}
	return user, nil
}

// Access implements driver.Driver.
func (r *Repo) Access(ctx context.Context) (driver.Access, error) {
	if err := r.reading(ctx, func() error { return nil }); err != nil {
		return driver.Access{}, err
	}
	return driver.Access{Read: true, Write: true, DefaultBranch: r.branch}, nil
}
