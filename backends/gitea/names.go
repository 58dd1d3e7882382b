package gitea

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// Names implements driver.Namer. Those who opened a pull request that was listed are
// known; each other one costs a request.
// https://docs.gitea.com/api/1.26/#tag/user/operation/userGet
func (r *Repo) Names(ctx context.Context, logins []string) ([]string, error) {
	return r.names.Names(logins, func(unknown []string) ([]string, error) {
		found := make([]string, len(unknown))
		err := rest.Together(ctx, len(unknown), func(ctx context.Context, i int) error {
			v, err := r.api.Get(ctx, rest.Path("users", unknown[i]))
			found[i] = v.Get("full_name").String()
			if cmserr.Is(err, cmserr.NotFound) {
				return nil
			}
			return err
		})
		return found, err
	})
}
