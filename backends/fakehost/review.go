package fakehost

import (
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Review is a review of a pull request.
type Review struct {
	ID          int64
	Author      string // login
	State       string // APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED
	Body        string
	SHA         plumbing.Hash
	SubmittedAt time.Time
}

// AddReview reviews a pull request.
func (r *Repository) AddReview(number int, v Review) (Review, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return v, fail(NotFound, "no pull request %d", number)
	}
	v.ID, v.SubmittedAt, v.SHA = r.host.nextID(), r.host.Now(), p.Head.SHA
	p.Reviews, p.UpdatedAt = append(p.Reviews, v), v.SubmittedAt
	return v, nil
}

// approvals counts the users whose last word is an approval.
func (p *PullRequest) approvals() int {
	last := map[string]string{}
	for _, v := range p.Reviews {
		if v.State != "COMMENTED" {
			last[strings.ToLower(v.Author)] = v.State
		}
	}
	n := 0
	for _, state := range last {
		if state == "APPROVED" {
			n++
		}
	}
	return n
}

// Approvals counts the users whose last word is an approval.
func (p PullRequest) Approvals() int { return p.approvals() }
