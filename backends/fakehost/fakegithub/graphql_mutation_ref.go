package fakegithub

import (
	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

func (s *session) createRef(input graphql.Args) (map[string]any, error) {
	r, err := s.repositoryFor(input.String("repositoryId"), "CreateRef", fakehost.Write)
	if err != nil {
		return nil, err
	}
	name := input.String("name")
	err = r.repo.CreateRef(s.viewer.Login, name, plumbing.NewHash(input.String("oid")))
	if fakehost.KindOf(err) == fakehost.Exists {
		return nil, graphql.Errorf("UNPROCESSABLE", "A ref named %q already exists in the repository.", name)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"ref": r.ref(name)}, nil
}

func (s *session) updateRef(input graphql.Args) (map[string]any, error) {
	ref, err := s.refFor(input.String("refId"), "UpdateRef")
	if err != nil {
		return nil, err
	}
	err = ref.repo.UpdateRef(s.viewer.Login, ref.Name, plumbing.NewHash(input.String("oid")), input.Bool("force"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"ref": ref.ref(ref.Name)}, nil
}

func (s *session) deleteRef(input graphql.Args) (map[string]any, error) {
	ref, err := s.refFor(input.String("refId"), "DeleteRef")
	if err != nil {
		return nil, err
	}
	return nil, ref.repo.DeleteRef(s.viewer.Login, ref.Name)
}

// updateRefs does all of its updates or none. An id of zeroes stands for a
// reference that is not there, before or after.
func (s *session) updateRefs(input graphql.Args) (map[string]any, error) {
	r, err := s.repositoryFor(input.String("repositoryId"), "UpdateRefs", fakehost.Write)
	if err != nil {
		return nil, err
	}
	var updates []fakehost.RefUpdate
	for _, u := range input.Objects("refUpdates") {
		after := plumbing.NewHash(u.String("afterOid"))
		update := fakehost.RefUpdate{Name: u.String("name"), After: after, Delete: after.IsZero(), Force: u.Bool("force")}
		if u.Has("beforeOid") {
			before := plumbing.NewHash(u.String("beforeOid"))
			update.Before = &before
		}
		updates = append(updates, update)
	}
	return nil, r.repo.UpdateRefs(s.viewer.Login, updates...)
}

// refFor finds the reference of an id that the viewer may change.
func (s *session) refFor(id, mutation string) (*refNode, error) {
	ref, err := nodeAs[*refNode](s, id)
	if err != nil {
		return nil, err
	}
	return ref, s.writable(ref.repo, mutation, fakehost.Write)
}
