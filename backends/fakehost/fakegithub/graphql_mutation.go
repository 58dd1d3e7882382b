package fakegithub

import (
	"context"
	"errors"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// mutationRoot is the type Mutation.
type mutationRoot struct{ *session }

func (mutationRoot) TypeName() string { return "Mutation" }

// mutations does a mutation with its input, and answers the fields of its payload
// but for clientMutationId.
var mutations = map[string]func(*session, graphql.Args) (map[string]any, error){
	"createCommitOnBranch":      (*session).createCommitOnBranch,
	"createRef":                 (*session).createRef,
	"updateRef":                 (*session).updateRef,
	"updateRefs":                (*session).updateRefs,
	"deleteRef":                 (*session).deleteRef,
	"createPullRequest":         (*session).createPullRequest,
	"updatePullRequest":         (*session).updatePullRequest,
	"closePullRequest":          (*session).closePullRequest,
	"reopenPullRequest":         (*session).reopenPullRequest,
	"mergePullRequest":          (*session).mergePullRequest,
	"addLabelsToLabelable":      (*session).addLabels,
	"removeLabelsFromLabelable": (*session).removeLabels,
	"createLabel":               (*session).createLabel,
}

func (m mutationRoot) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	do, ok := mutations[name]
	if !ok {
		return nil, graphql.ErrNoField
	}
	input := args.Object("input")
	values, err := do(m.session, input)
	if err != nil {
		return nil, mutationError(err)
	}
	payload := graphql.Fields{Type: upperFirst(name) + "Payload", Values: map[string]any{
		"clientMutationId": orNull(input.String("clientMutationId")), "actor": m.actor(m.viewer)}}
	for field, value := range values {
		payload.Values[field] = value
	}
	return payload, nil
}

// mutationError gives a refusal of the model the type that the host has for it.
func mutationError(err error) error {
	var known *graphql.Error
	if errors.As(err, &known) {
		return known
	}
	typ := "UNPROCESSABLE"
	switch fakehost.KindOf(err) {
	case 0:
		return err
	case fakehost.NotFound:
		typ = "NOT_FOUND"
	case fakehost.Protected:
		typ = "BRANCH_PROTECTION_RULE_VIOLATION"
	case fakehost.Forbidden:
		typ = "FORBIDDEN"
	}
	return graphql.Errorf(typ, "%s", err.Error())
}

// repositoryFor finds the repository of an id that the viewer may change.
func (s *session) repositoryFor(id, mutation string, need fakehost.Permission) (*repositoryNode, error) {
	r, err := nodeAs[*repositoryNode](s, id)
	if err != nil {
		return nil, err
	}
	return r, s.writable(r.repo, mutation, need)
}

// labelable finds the pull request that labels are for, and the labels' names.
func (s *session) labelable(input graphql.Args, mutation string) (*pullNode, []string, error) {
	p, err := nodeAs[*pullNode](s, input.String("labelableId"))
	if err != nil {
		return nil, nil, err
	}
	if err := s.writable(p.repo, mutation, fakehost.Write); err != nil {
		return nil, nil, err
	}
	var names []string
	for _, id := range input.Strings("labelIds") {
		l, err := nodeAs[*labelNode](s, id)
		if err != nil {
			return nil, nil, err
		}
		if l.repo != p.repo {
			return nil, nil, graphql.Errorf("UNPROCESSABLE", "The label '%s' belongs to another repository", l.Name)
		}
		names = append(names, l.Name)
	}
	return p, names, nil
}

func (s *session) addLabels(input graphql.Args) (map[string]any, error) {
	p, names, err := s.labelable(input, "AddLabelsToLabelable")
	if err != nil {
		return nil, err
	}
	if err := p.repo.AddLabels(p.pull.Number, names); err != nil {
		return nil, err
	}
	return map[string]any{"labelable": p.again()}, nil
}

// removeLabels ignores labels that the pull request has not, as the host does.
func (s *session) removeLabels(input graphql.Args) (map[string]any, error) {
	p, names, err := s.labelable(input, "RemoveLabelsFromLabelable")
	if err != nil {
		return nil, err
	}
	err = p.repo.RemoveLabels(p.pull.Number, names)
	if err != nil && fakehost.KindOf(err) != fakehost.NotFound {
		return nil, err
	}
	return map[string]any{"labelable": p.again()}, nil
}

func (s *session) createLabel(input graphql.Args) (map[string]any, error) {
	r, err := s.repositoryFor(input.String("repositoryId"), "CreateLabel", fakehost.Write)
	if err != nil {
		return nil, err
	}
	l, err := r.repo.CreateLabel(fakehost.Label{Name: input.String("name"), Color: input.String("color"),
		Description: input.String("description")})
	if fakehost.KindOf(err) == fakehost.Exists {
		return nil, graphql.Errorf("UNPROCESSABLE", "Name has already been taken")
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"label": &labelNode{r, l}}, nil
}
