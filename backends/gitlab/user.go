package gitlab

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// User implements driver.Driver.
// https://docs.gitlab.com/api/users/#get-the-current-user
func (r *Repo) User(ctx context.Context) (driver.User, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return driver.User{}, err
	}
	if token == "" {
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody is signed in to GitLab. Sign in with a token.")
	}
	v, err := r.api.Get(ctx, "/user")
	if err != nil {
		return driver.User{}, err
	}
	return decodeUser(v)
}

func decodeUser(v gjson.Result) (driver.User, error) {
	if !rest.Has(v, "username") {
		return driver.User{}, misshapen("user name")
	}
	login := v.Get("username").String()
	return driver.User{
		Login: login, Name: cmp.Or(v.Get("name").String(), login),
		Email: cmp.Or(v.Get("commit_email").String(), v.Get("email").String()), AvatarURL: v.Get("avatar_url").String(),
	}, nil
}

// Access implements driver.Driver. GraphQL knows what an account may do by whatever
// group it is in; REST tells the project's and the group's own members first.
func (r *Repo) Access(ctx context.Context) (driver.Access, error) {
	a, err := r.queries.access(ctx)
	if errors.Is(err, graphql.ErrNone) {
		a, err = r.accessOverREST(ctx)
	}
	if err != nil {
		return driver.Access{}, err
	}
	return a, r.checkScope(ctx)
}

func (r graph) access(ctx context.Context) (driver.Access, error) {
	project, err := r.read(ctx, "Access", (&operation{}).raw("archived repository{rootRef}userPermissions{pushCode}"), "")
	if err != nil {
		return driver.Access{}, err
	}
	return decodeAccess(project)
}

// decodeAccess reads a project of GitLab's GraphQL API.
// https://docs.gitlab.com/api/graphql/reference/#projectpermissions
func decodeAccess(project gjson.Result) (driver.Access, error) {
	if !rest.Has(project, "userPermissions.pushCode") {
		return driver.Access{}, misshapen("permissions")
	}
	if project.Get("archived").Bool() {
		return driver.Access{}, cmserr.New(cmserr.Forbidden, archived)
	}
	return driver.Access{
		Read: true, Write: project.Get("userPermissions.pushCode").Bool(),
		DefaultBranch: project.Get("repository.rootRef").String(),
	}, nil
}

// developer is the least access level that may push.
// https://docs.gitlab.com/api/access_requests/#valid-access-levels
const developer = 30

// https://docs.gitlab.com/api/projects/#get-a-single-project
func (r *Repo) accessOverREST(ctx context.Context) (driver.Access, error) {
	v, err := r.api.Get(ctx, r.path())
	if err != nil {
		return driver.Access{}, r.named(err, r.missing().Error())
	}
	a, level, err := decodeProject(v)
	if err != nil || level >= developer {
		a.Write = err == nil
		return a, err
	}
	// A group that the project was shared with is in neither of the two.
	level, err = r.memberLevel(ctx)
	a.Write = level >= developer
	return a, err
}

// decodeProject reads a project of GitLab's REST API, and the user's level in it.
func decodeProject(v gjson.Result) (driver.Access, int, error) {
	if !rest.Has(v, "path_with_namespace", "default_branch") {
		return driver.Access{}, 0, misshapen("project")
	}
	if v.Get("archived").Bool() {
		return driver.Access{}, 0, cmserr.New(cmserr.Forbidden, archived)
	}
	level := max(v.Get("permissions.project_access.access_level").Int(), v.Get("permissions.group_access.access_level").Int())
	return driver.Access{Read: true, DefaultBranch: v.Get("default_branch").String()}, int(level), nil
}

// memberLevel is the user's access level by whatever group, 0 for who is no member.
// https://docs.gitlab.com/api/members/#get-a-member-of-a-group-or-project-including-inherited-and-invited-members
func (r *Repo) memberLevel(ctx context.Context) (int, error) {
	if token, err := r.api.token(ctx); err != nil || token == "" {
		return 0, err
	}
	user, err := r.api.Get(ctx, "/user")
	if err != nil {
		return 0, err
	}
	v, err := r.api.Get(ctx, r.path("members", "all", rest.EscapeSegment(user.Get("id").String())))
	switch {
	case cmserr.Is(err, cmserr.NotFound), cmserr.Is(err, cmserr.Forbidden):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return int(v.Get("access_level").Int()), nil
}

// checkScope finds a token that may do less than its owner. OAuth's tokens can't be
// asked about so.
// https://docs.gitlab.com/api/personal_access_tokens/#self-inform
func (r *Repo) checkScope(ctx context.Context) error {
	token, err := r.api.token(ctx)
	if err != nil || !strings.HasPrefix(token, "glpat-") {
		return err
	}
	v, err := r.api.Get(ctx, "/personal_access_tokens/self")
	if cmserr.Is(err, cmserr.Canceled) {
		return err
	}
	if err != nil || !v.Get("scopes").IsArray() {
		return nil // nothing is known, so nothing is wrong
	}
	for _, scope := range v.Get("scopes").Array() {
		if scope.String() == "api" {
			return nil
		}
	}
	return cmserr.New(cmserr.Forbidden, "The token has not the scope “api”, so nothing can be saved with it. "+
		"Make one that has, and sign in again.")
}

// MayPush implements driver.PushChecker.
// https://docs.gitlab.com/api/branches/#get-single-repository-branch
func (r *Repo) MayPush(ctx context.Context, branch string) error {
	v, err := r.branch(ctx, branch)
	switch {
	case err != nil:
		return err
	case v.Get("can_push").Bool() || !v.Get("can_push").Exists():
		return nil
	case !v.Get("protected").Bool():
		return cmserr.New(cmserr.Forbidden, "This account may not push to “"+branch+"”.")
	}
	who := "only some accounts may push to it"
	if v.Get("developers_can_push").Bool() {
		who = "only those with the role Developer or above may push to it"
	}
	return cmserr.New(cmserr.Forbidden, "The branch “"+branch+"” is protected: "+who+", and this account is none of them.")
}
