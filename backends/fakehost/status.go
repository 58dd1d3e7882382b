package fakehost

import (
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Status is a commit status.
type Status struct {
	ID          int64
	Context     string
	State       string // error, failure, pending, success; GitLab's own are running, failed, canceled, skipped
	Ref         string // the branch that it was set for, where the host asks for one
	TargetURL   string
	Description string
	Creator     string // login
	CreatedAt   time.Time
}

// CheckRun is a check of a commit.
type CheckRun struct {
	ID          int64
	Name        string
	Status      string // queued, in_progress, completed
	Conclusion  string // success, failure, neutral, cancelled, skipped, timed_out, action_required; "" until completed
	DetailsURL  string
	App         string // the app's name
	StartedAt   time.Time
	CompletedAt time.Time // zero until completed
}

// Deployment is a deployment of a commit.
type Deployment struct {
	ID          int64
	SHA         plumbing.Hash
	Ref         string // as it was asked for: a branch or a commit id
	Environment string
	Description string
	Creator     string // login
	CreatedAt   time.Time
	Statuses    []DeploymentStatus // newest first
}

// DeploymentStatus is what became of a deployment.
type DeploymentStatus struct {
	ID             int64
	State          string // error, failure, inactive, in_progress, queued, pending, success
	EnvironmentURL string
	LogURL         string
	Description    string
	Creator        string // login
	CreatedAt      time.Time
}

// AddStatus adds a status to a commit; of one context the newest counts.
func (r *Repository) AddStatus(id plumbing.Hash, s Status) Status {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	s.ID, s.CreatedAt = r.host.nextID(), r.host.Now()
	r.statuses[id] = slices.Insert(r.statuses[id], 0, s)
	return s
}

// Statuses are all statuses of a commit, newest first.
func (r *Repository) Statuses(id plumbing.Hash) []Status {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return slices.Clone(r.statuses[id])
}

// AddCheckRun adds a check run to a commit. An empty Status is "completed".
func (r *Repository) AddCheckRun(id plumbing.Hash, c CheckRun) CheckRun {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	c.ID, c.StartedAt = r.host.nextID(), r.host.Now()
	if c.Status == "" {
		c.Status = "completed"
	}
	if c.Status == "completed" {
		c.CompletedAt = c.StartedAt
	}
	r.checks[id] = slices.Insert(r.checks[id], 0, c)
	return c
}

// CheckRuns are the check runs of a commit, newest first.
func (r *Repository) CheckRuns(id plumbing.Hash) []CheckRun {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return slices.Clone(r.checks[id])
}

// AddDeployment adds a deployment.
func (r *Repository) AddDeployment(d Deployment) Deployment {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	d.ID, d.CreatedAt = r.host.nextID(), r.host.Now()
	for i := range d.Statuses {
		d.Statuses[i].ID, d.Statuses[i].CreatedAt = r.host.nextID(), d.CreatedAt
	}
	d.Statuses = slices.Clone(d.Statuses)
	r.deployments = slices.Insert(r.deployments, 0, &d)
	return d
}

// AddDeploymentStatus says what became of a deployment. Error: NotFound.
func (r *Repository) AddDeploymentStatus(deployment int64, s DeploymentStatus) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	i := slices.IndexFunc(r.deployments, func(d *Deployment) bool { return d.ID == deployment })
	if i < 0 {
		return fail(NotFound, "no deployment %d", deployment)
	}
	s.ID, s.CreatedAt = r.host.nextID(), r.host.Now()
	d := r.deployments[i]
	d.Statuses = slices.Insert(slices.Clone(d.Statuses), 0, s)
	return nil
}

// Deployments are the repository's deployments, newest first.
func (r *Repository) Deployments() []Deployment {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	list := make([]Deployment, len(r.deployments))
	for i, d := range r.deployments {
		list[i] = *d
	}
	return list
}
