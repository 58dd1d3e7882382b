package fakehost

import (
	"slices"
	"time"
)

// Comment is a comment on a pull request.
type Comment struct {
	ID                   int64
	Author               string // login
	Text                 string
	Deleted              bool
	CreatedAt, UpdatedAt time.Time
}

// AddComment comments on a pull request, open or not. Error: NotFound.
func (r *Repository) AddComment(number int, author, text string) (Comment, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return Comment{}, fail(NotFound, "no pull request %d", number)
	}
	now := r.host.Now()
	c := Comment{ID: r.host.nextID(), Author: author, Text: text, CreatedAt: now, UpdatedAt: now}
	p.comments, p.UpdatedAt = append(slices.Clip(p.comments), c), now
	return c, nil
}

// EditComment gives a comment another text, or deletes it: what stays then is
// that it was there. Error: NotFound.
func (r *Repository) EditComment(number int, id int64, text string, deleted bool) (Comment, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return Comment{}, fail(NotFound, "no pull request %d", number)
	}
	i := slices.IndexFunc(p.comments, func(c Comment) bool { return c.ID == id && !c.Deleted })
	if i < 0 {
		return Comment{}, fail(NotFound, "no comment %d", id)
	}
	p.comments = slices.Clone(p.comments)
	c := &p.comments[i]
	c.Text, c.Deleted, c.UpdatedAt = text, deleted, r.host.Now()
	p.UpdatedAt = c.UpdatedAt
	return *c, nil
}

// Comments are a pull request's comments, oldest first, deleted ones too.
func (p PullRequest) Comments() []Comment { return slices.Clone(p.comments) }

// CommentCount is how many of them are there still.
func (p PullRequest) CommentCount() int {
	n := 0
	for _, c := range p.comments {
		if !c.Deleted {
			n++
		}
	}
	return n
}
