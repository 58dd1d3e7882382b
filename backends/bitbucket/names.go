package bitbucket

import (
	"context"

	"mooring/backends/cmserr"
)

// Names implements driver.Namer. Bitbucket finds nobody by their nickname, so known are
// those who opened a pull request that was listed, and who is signed in.
func (r *Repo) Names(ctx context.Context, logins []string) ([]string, error) {
	return r.names.Names(logins, func(unknown []string) ([]string, error) {
		u, err := r.User(ctx)
		if err != nil && !cmserr.Is(err, cmserr.Unauthenticated) {
			return nil, err
		}
		found := make([]string, len(unknown))
		for i, login := range unknown {
			if login == u.Login {
				found[i] = u.Name
			}
		}
		return found, nil
	})
}
