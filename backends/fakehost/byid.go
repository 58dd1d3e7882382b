package fakehost

import "slices"

// Users are all users, oldest first.
func (h *Host) Users() []User {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]User, 0, len(h.users))
	for _, u := range h.users {
		list = append(list, *u)
	}
	slices.SortFunc(list, func(a, b User) int { return int(a.ID - b.ID) })
	return list
}

// UserByID finds a user by number.
func (h *Host) UserByID(id int64) (User, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range h.users {
		if u.ID == id {
			return *u, true
		}
	}
	return User{}, false
}

// PullByID finds a pull request, whatever its repository.
func (h *Host) PullByID(id int64) (*Repository, PullRequest, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.repos {
		for _, p := range r.pulls {
			if p.ID == id {
				return r, p.clone(), true
			}
		}
	}
	return nil, PullRequest{}, false
}

// LabelByID finds a label, whatever its repository.
func (h *Host) LabelByID(id int64) (*Repository, Label, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.repos {
		for _, l := range r.labels {
			if l.ID == id {
				return r, *l, true
			}
		}
	}
	return nil, Label{}, false
}
