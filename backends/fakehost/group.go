package fakehost

import "strings"

// Groups are users with Organization set; a group below another one has the
// whole path as its login: team/web.

// SetMember gives a user a permission in a group, and so in all repositories
// of the group and of those below it.
func (h *Host) SetMember(group, login string, p Permission) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k := strings.ToLower(group)
	if h.members[k] == nil {
		h.members[k] = map[string]Permission{}
	}
	h.members[k][strings.ToLower(login)] = p
}

// Member is what a user may do in a group, also because of the groups above
// it.
func (h *Host) Member(group, login string) Permission {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.member(group, login)
}

func (h *Host) member(group, login string) Permission {
	group, login = strings.ToLower(group), strings.ToLower(login)
	p := h.members[group][login]
	for i, c := range group {
		if c == '/' {
			p = max(p, h.members[group[:i]][login])
		}
	}
	return p
}

// Share lets the members of a group into a repository, with p at most; None
// ends it.
func (r *Repository) Share(group string, p Permission) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	delete(r.shares, group)
	if p != None {
		r.shares[group] = p
	}
}

// Shares are the groups that were let in.
func (r *Repository) Shares() map[string]Permission {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	shares := make(map[string]Permission, len(r.shares))
	for group, p := range r.shares {
		shares[group] = p
	}
	return shares
}

// DirectPermission is what a user was given in the repository itself.
func (r *Repository) DirectPermission(login string) Permission {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.permissions[strings.ToLower(login)]
}

// throughGroups is what a user may do as a member of the owner, or of a group
// that was let in.
func (r *Repository) throughGroups(login string) Permission {
	p := r.host.member(r.info.Owner, login)
	for group, most := range r.shares {
		p = max(p, min(most, r.host.member(group, login)))
	}
	return p
}
