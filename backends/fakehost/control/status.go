package control

import (
	"fmt"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// at finds the commit of a branch or id in a repository.
func (c *controller) at(repository, ref string) (*fakehost.Repository, plumbing.Hash, error) {
	repo, err := c.repository(repository)
	if err != nil {
		return nil, plumbing.ZeroHash, err
	}
	id, ok := repo.ResolveCommit(ref)
	if !ok {
		return nil, id, fmt.Errorf("%s has no commit %q", repository, ref)
	}
	return repo, id, nil
}

// addStatus adds {repository, ref, context, state, targetURL, description,
// creator}.
func (c *controller) addStatus(r *http.Request) (any, error) {
	var in struct{ Repository, Ref, Context, State, TargetURL, Description, Creator string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, id, err := c.at(in.Repository, in.Ref)
	if err != nil {
		return nil, err
	}
	s := repo.AddStatus(id, fakehost.Status{Context: in.Context, State: in.State, TargetURL: in.TargetURL,
		Description: in.Description, Creator: in.Creator})
	return map[string]any{"id": s.ID}, nil
}

// addCheck adds the check run {repository, ref, name, status, conclusion,
// detailsURL, app}.
func (c *controller) addCheck(r *http.Request) (any, error) {
	var in struct{ Repository, Ref, Name, Status, Conclusion, DetailsURL, App string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, id, err := c.at(in.Repository, in.Ref)
	if err != nil {
		return nil, err
	}
	run := repo.AddCheckRun(id, fakehost.CheckRun{Name: in.Name, Status: in.Status, Conclusion: in.Conclusion,
		DetailsURL: in.DetailsURL, App: in.App})
	return map[string]any{"id": run.ID}, nil
}

// addDeployment adds {repository, ref, environment, state, environmentURL}:
// a deployment with one status, or none when state is empty.
func (c *controller) addDeployment(r *http.Request) (any, error) {
	var in struct{ Repository, Ref, Environment, State, EnvironmentURL, Creator string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, id, err := c.at(in.Repository, in.Ref)
	if err != nil {
		return nil, err
	}
	d := fakehost.Deployment{SHA: id, Ref: in.Ref, Environment: in.Environment, Creator: in.Creator}
	if in.State != "" {
		d.Statuses = []fakehost.DeploymentStatus{{State: in.State, EnvironmentURL: in.EnvironmentURL, Creator: in.Creator}}
	}
	return map[string]any{"id": repo.AddDeployment(d).ID}, nil
}
