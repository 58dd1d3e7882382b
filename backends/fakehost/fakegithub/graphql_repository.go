package fakegithub

import (
	"context"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// repositoryNode is the type Repository.
type repositoryNode struct {
	*session
	repo *fakehost.Repository
}

func (*repositoryNode) TypeName() string { return "Repository" }

func (r *repositoryNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "parent":
		return r.parent(), nil
	case "owner":
		return r.actorOf(r.repo.Info().Owner), nil
	case "viewerPermission":
		return viewerPermission(r.repo.Permission(r.viewer.Login)), nil
	case "defaultBranchRef":
		return r.ref(headsPrefix + r.repo.Info().DefaultBranch), nil
	case "ref":
		return r.ref(args.String("qualifiedName")), nil
	case "refs":
		return r.refs(args)
	case "object":
		return r.object(args)
	case "pullRequest":
		return r.pullRequest(args)
	case "pullRequests":
		return r.pulls(r.repo.Pulls(), args), nil
	case "label":
		return r.label(args.String("name")), nil
	case "labels":
		return r.labels(args), nil
	case "deployments":
		return r.deployments(args, func(fakehost.Deployment) bool { return true }), nil
	case "forks":
		return graphql.Connect(r.forks()), nil
	case "forkCount":
		return len(r.repo.Forks()), nil
	case "isEmpty":
		return len(r.repo.SeenRefs(headsPrefix)) == 0, nil
	}
	return r.info(name)
}

// info answers what the repository itself says.
func (r *repositoryNode) info(name string) (any, error) {
	i := r.repo.Info()
	values := map[string]any{
		"id": nodeID("Repository", i.ID), "databaseId": i.ID, "name": i.Name, "nameWithOwner": i.FullName(),
		"description": orNull(i.Description), "url": r.web + "/" + i.FullName(), "resourcePath": "/" + i.FullName(),
		"isFork": i.Parent != nil, "isPrivate": i.Private, "isArchived": i.Archived,
		"visibility":          visibilityEnum(i.Private),
		"viewerCanAdminister": r.repo.Permission(r.viewer.Login) == fakehost.Admin,
		"mergeCommitAllowed":  !i.NoMergeCommits, "squashMergeAllowed": !i.NoSquash, "rebaseMergeAllowed": !i.NoRebase,
		"deleteBranchOnMerge": i.DeleteBranchOnMerge,
		"createdAt":           i.CreatedAt, "updatedAt": i.UpdatedAt, "pushedAt": i.PushedAt,
	}
	if value, ok := values[name]; ok {
		return value, nil
	}
	return nil, graphql.ErrNoField
}

func visibilityEnum(private bool) string {
	if private {
		return "PRIVATE"
	}
	return "PUBLIC"
}

// viewerPermission is null for nobody.
func viewerPermission(p fakehost.Permission) any {
	if p == fakehost.None {
		return nil
	}
	return strings.ToUpper(p.String())
}

func (r *repositoryNode) parent() any {
	parent := r.repo.Info().Parent
	if parent == nil || r.visible(parent) != nil {
		return nil
	}
	return &repositoryNode{r.session, parent}
}

func (r *repositoryNode) forks() []*repositoryNode {
	var list []*repositoryNode
	for _, fork := range r.repo.Forks() {
		if r.visible(fork) == nil {
			list = append(list, &repositoryNode{r.session, fork})
		}
	}
	return list
}

// object finds what an expression or an id names, or null.
func (r *repositoryNode) object(args graphql.Args) (any, error) {
	if args.Has("oid") {
		if o := r.objectByID(plumbing.NewHash(args.String("oid")), ""); o != nil {
			return o, nil
		}
		return nil, nil
	}
	if !args.Has("expression") {
		return nil, graphql.Errorf("ARGUMENT_ERROR", "An oid or expression argument is required")
	}
	expression := args.String("expression")
	entry, ok := r.repo.Resolve(expression)
	if !ok || entry.Type() == "commit" && strings.Contains(expression, ":") { // a submodule
		return nil, nil
	}
	_, path, _ := strings.Cut(expression, ":")
	if o := r.objectByID(entry.ID, strings.Trim(path, "/")); o != nil {
		return o, nil
	}
	return nil, nil
}

// objectByID is nil for an object that does not exist. The path is where it lies,
// as far as that is known.
func (r *repositoryNode) objectByID(id plumbing.Hash, path string) graphql.Object {
	o := gitObject{r, id, path}
	switch r.repo.TypeOf(id) {
	case plumbing.BlobObject:
		return &blobNode{gitObject: o}
	case plumbing.TreeObject:
		return &treeNode{o}
	case plumbing.CommitObject:
		if c, err := r.repo.CommitByID(id); err == nil {
			return &commitNode{o, c}
		}
	}
	return nil
}

// labelNode is the type Label.
type labelNode struct {
	*repositoryNode
	fakehost.Label
}

func (*labelNode) TypeName() string { return "Label" }

func (l *labelNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "id":
		return nodeID("Label", l.ID), nil
	case "name":
		return l.Name, nil
	case "color":
		return l.Color, nil
	case "description":
		return orNull(l.Description), nil
	case "isDefault":
		return l.Default, nil
	case "url", "resourcePath":
		return pageURL(name, l.web, "/"+l.repo.FullName()+"/labels/"+l.Name), nil
	case "repository":
		return l.repositoryNode, nil
	}
	return nil, graphql.ErrNoField
}

// pageURL is the address of a page, or its path alone.
func pageURL(field, web, path string) string {
	if field == "resourcePath" {
		return path
	}
	return web + path
}

func (r *repositoryNode) label(name string) any {
	if l, ok := r.repo.Label(name); ok {
		return &labelNode{r, l}
	}
	return nil
}

func (r *repositoryNode) labels(args graphql.Args) graphql.Connection {
	var list []*labelNode
	for _, l := range r.repo.Labels() {
		if strings.Contains(strings.ToLower(l.Name), strings.ToLower(args.String("query"))) {
			list = append(list, &labelNode{r, l})
		}
	}
	sortLabels(list, args.Object("orderBy"))
	return graphql.Connect(list)
}

// sortLabels orders labels, which come oldest first.
func sortLabels(list []*labelNode, order graphql.Args) {
	if order.String("field") == "NAME" {
		slices.SortStableFunc(list, func(a, b *labelNode) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
	}
	if order.String("direction") == "DESC" {
		slices.Reverse(list)
	}
}
