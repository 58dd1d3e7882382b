package fakegitlab

import (
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// listForks: https://docs.gitlab.com/api/project_forks/#list-forks-of-a-project
func listForks(c *call) (*answer, error) {
	list := slices.DeleteFunc(c.repo.Forks(), func(r *fakehost.Repository) bool {
		return !c.mayRead(r) || c.params.flag("owned") && !strings.EqualFold(r.Info().Owner, c.user.Login)
	})
	return paged(c, list, withTotals, nil, func(r *fakehost.Repository) (obj, error) { return c.projectJSON(r), nil })
}

// createFork: https://docs.gitlab.com/api/project_forks/#fork-a-project
func createFork(c *call) (*answer, error) {
	if err := c.need(fakehost.Read); err != nil {
		return nil, err
	}
	for _, fork := range c.repo.Forks() {
		if strings.EqualFold(fork.Info().Owner, c.user.Login) {
			return nil, &apiError{status: http.StatusConflict, message: []string{"Project namespace name has already been taken",
				"Name has already been taken", "Path has already been taken"}}
		}
	}
	fork, err := c.host.Fork(c.user.Login, c.repo, fakehost.ForkOptions{Name: c.params.text("path")})
	if err != nil {
		return nil, err
	}
	return created(c.projectJSON(fork))
}
