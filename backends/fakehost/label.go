package fakehost

import (
	"slices"
	"strings"
)

// Label is a label of a repository. Its name is unique whatever the case, but
// on hosts with Habits.LooseLabels.
type Label struct {
	ID          int64
	Name        string
	Color       string // six hexadecimal digits
	Description string
	Default     bool // it came with the repository
}

// defaultColor is what GitHub gives a label that is made by being used.
const defaultColor = "ededed"

func (h *Host) defaultLabels() []*Label {
	return []*Label{
		{ID: h.nextID(), Name: "bug", Color: "d73a4a", Description: "Something isn't working", Default: true},
		{ID: h.nextID(), Name: "enhancement", Color: "a2eeef", Description: "New feature or request", Default: true},
	}
}

// Labels are the repository's labels, oldest first.
func (r *Repository) Labels() []Label {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	list := make([]Label, len(r.labels))
	for i, l := range r.labels {
		list[i] = *l
	}
	return list
}

// Label finds a label by name.
func (r *Repository) Label(name string) (Label, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if l := r.label(name); l != nil {
		return *l, true
	}
	return Label{}, false
}

func (r *Repository) label(name string) *Label {
	i := slices.IndexFunc(r.labels, func(l *Label) bool { return strings.EqualFold(l.Name, name) })
	if i < 0 {
		return nil
	}
	return r.labels[i]
}

// AddGroupLabel adds a label that all repositories of a group can use.
func (h *Host) AddGroupLabel(group string, l Label) Label {
	h.mu.Lock()
	defer h.mu.Unlock()
	l.ID = h.nextID()
	k := strings.ToLower(group)
	h.groupLabels[k] = append(h.groupLabels[k], &l)
	return l
}

// GroupLabels are the labels of a group, oldest first.
func (h *Host) GroupLabels(group string) []Label {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []Label
	for _, l := range h.groupLabels[strings.ToLower(group)] {
		list = append(list, *l)
	}
	return list
}

// CreateLabel adds a label. Errors: Exists, Invalid.
func (r *Repository) CreateLabel(l Label) (Label, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	loose := r.host.habits.LooseLabels
	if strings.TrimSpace(l.Name) == "" || len(l.Name) > 50 && !loose {
		return l, fail(Invalid, "name is invalid")
	}
	if r.label(l.Name) != nil && !loose {
		return l, fail(Exists, "already_exists")
	}
	return *r.addLabel(l), nil
}

func (r *Repository) addLabel(l Label) *Label {
	l.ID = r.host.nextID()
	if l.Color == "" {
		l.Color = defaultColor
	}
	r.labels = append(r.labels, &l)
	return &l
}

// SetLabels gives a pull request exactly these labels, making those that the
// repository doesn't have yet.
func (r *Repository) SetLabels(number int, names []string) error {
	return r.editLabels(number, func([]string) []string { return names })
}

// AddLabels adds labels to a pull request's own.
func (r *Repository) AddLabels(number int, names []string) error {
	return r.editLabels(number, func(old []string) []string { return append(old, names...) })
}

// RemoveLabels takes labels from a pull request. NotFound when it hasn't one
// of them.
func (r *Repository) RemoveLabels(number int, names []string) error {
	missing := false
	err := r.editLabels(number, func(old []string) []string {
		for _, name := range names {
			is := func(n string) bool { return strings.EqualFold(n, name) }
			if !slices.ContainsFunc(old, is) {
				missing = true
			}
			old = slices.DeleteFunc(old, is)
		}
		return old
	})
	if err == nil && missing {
		return fail(NotFound, "Label does not exist")
	}
	return err
}

func (r *Repository) editLabels(number int, edit func([]string) []string) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return fail(NotFound, "no pull request %d", number)
	}
	var labels []*Label
	for _, name := range edit(slices.Clone(p.Labels)) {
		l := r.label(name)
		if l == nil {
			l = r.addLabel(Label{Name: name})
		}
		labels = append(labels, l)
	}
	r.setLabels(p, labels)
	return nil
}

func (r *Repository) setLabels(p *PullRequest, labels []*Label) {
	p.Labels, p.LabelIDs, p.UpdatedAt = nil, nil, r.host.Now()
	for _, l := range labels {
		if !slices.Contains(p.LabelIDs, l.ID) {
			p.Labels, p.LabelIDs = append(p.Labels, l.Name), append(p.LabelIDs, l.ID)
		}
	}
}

// SetLabelIDs gives a pull request exactly these labels of the repository's and
// its owner's; others are left out.
func (r *Repository) SetLabelIDs(number int, ids []int64) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return fail(NotFound, "no pull request %d", number)
	}
	var labels []*Label
	for _, l := range slices.Concat(r.labels, r.host.groupLabels[strings.ToLower(r.info.Owner)]) {
		if slices.Contains(ids, l.ID) {
			labels = append(labels, l)
		}
	}
	r.setLabels(p, labels)
	return nil
}
