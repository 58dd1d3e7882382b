package fakegitlab

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// getProject: https://docs.gitlab.com/api/projects/#get-a-single-project
func getProject(c *call) (*answer, error) { return ok(c.projectJSON(c.repo)) }

// listProjects: https://docs.gitlab.com/api/projects/#list-all-projects
func listProjects(c *call) (*answer, error) {
	search := strings.ToLower(c.params.text("search"))
	list := slices.DeleteFunc(c.host.Repositories(), func(r *fakehost.Repository) bool {
		return !c.mayRead(r) || c.params.flag("membership") && !c.isMember(r) || !strings.Contains(strings.ToLower(r.Info().Name), search)
	})
	slices.Reverse(list)
	return paged(c, list, withTotals, nil, func(r *fakehost.Repository) (obj, error) { return c.projectJSON(r), nil })
}

// isMember says whether the caller was let into a project, or owns it.
func (c *call) isMember(r *fakehost.Repository) bool {
	login, namespace := c.user.Login, r.Info().Owner
	return c.signedIn() && (strings.EqualFold(namespace, login) ||
		max(r.DirectPermission(login), c.host.Member(namespace, login)) > fakehost.None)
}

// updateProject: https://docs.gitlab.com/api/projects/#edit-a-project, as far as
// it matters to merges, LFS and who may write.
func updateProject(c *call) (*answer, error) {
	if err := c.need(fakehost.Admin); err != nil {
		return nil, err
	}
	if err := c.params.oneOf("merge_method", "ff", "rebase_merge", "merge"); err != nil {
		return nil, err
	}
	if err := c.params.oneOf("squash_option", "never", "always", "default_on", "default_off"); err != nil {
		return nil, err
	}
	p := c.params
	set := func(name string, to *bool, wrong bool) {
		if p.has(name) {
			*to = p.flag(name) != wrong
		}
	}
	c.repo.Edit(func(i *fakehost.Info) {
		set("only_allow_merge_if_pipeline_succeeds", &i.MustPass, false)
		set("only_allow_merge_if_all_discussions_are_resolved", &i.MustResolve, false)
		set("remove_source_branch_after_merge", &i.DeleteBranchOnMerge, false)
		set("lfs_enabled", &i.NoLFS, true)
		if m := p.text("merge_method"); m != "" {
			i.NoMergeCommits, i.OnlyRebased = m == "ff", m != "merge"
		}
		if o := p.text("squash_option"); o != "" {
			i.NoSquash, i.OnlySquash, i.SquashByDefault = o == "never", o == "always", o == "default_on"
		}
		if b := p.text("default_branch"); b != "" {
			i.DefaultBranch = b
		}
		if v := p.text("visibility"); v != "" {
			i.Private = v != "public"
		}
	})
	return ok(c.projectJSON(c.repo))
}

// archiveProject and unarchiveProject:
// https://docs.gitlab.com/api/projects/#archive-a-project
func archiveProject(c *call) (*answer, error)   { return c.setArchived(true) }
func unarchiveProject(c *call) (*answer, error) { return c.setArchived(false) }

func (c *call) setArchived(archived bool) (*answer, error) {
	if !c.signedIn() || c.repo.Permission(c.user.Login) < fakehost.Admin {
		return nil, forbidden("")
	}
	c.repo.Edit(func(i *fakehost.Info) { i.Archived = archived })
	return &answer{status: http.StatusCreated, body: c.projectJSON(c.repo)}, nil
}

// mergeMethod is how the project merges.
func mergeMethod(i fakehost.Info) string {
	switch {
	case i.NoMergeCommits:
		return "ff"
	case i.OnlyRebased:
		return "rebase_merge"
	}
	return "merge"
}

func squashOption(i fakehost.Info) string {
	switch {
	case i.NoSquash:
		return "never"
	case i.OnlySquash:
		return "always"
	case i.SquashByDefault:
		return "default_on"
	}
	return "default_off"
}

func visibility(i fakehost.Info) string {
	if i.Private {
		return "private"
	}
	return "public"
}

// permissionsJSON says what the caller was given in the project, and what in
// its group.
func (c *call) permissionsJSON(r *fakehost.Repository) obj {
	o := obj{"project_access": nil, "group_access": nil}
	if !c.signedIn() {
		return o
	}
	level := func(p fakehost.Permission) any {
		if p == fakehost.None {
			return nil
		}
		return obj{"access_level": levelOf(p, false), "notification_level": 3}
	}
	o["project_access"] = level(r.DirectPermission(c.user.Login))
	if strings.EqualFold(r.Info().Owner, c.user.Login) {
		o["project_access"] = obj{"access_level": owner, "notification_level": 3}
	}
	o["group_access"] = level(c.host.Member(r.Info().Owner, c.user.Login))
	return o
}

func (c *call) sharesJSON(r *fakehost.Repository) []obj {
	list := []obj{}
	for group, p := range r.Shares() {
		g, _ := c.host.User(group)
		list = append(list, obj{"group_id": g.ID, "group_name": path.Base(group), "group_full_path": group,
			"group_access_level": levelOf(p, false), "expires_at": nil})
	}
	slices.SortFunc(list, func(a, b obj) int { return compare(a["group_full_path"], b["group_full_path"]) })
	return list
}

func (c *call) namespaceJSON(login string) obj {
	u, _ := c.host.User(login)
	kind := "user"
	var parent any
	if isGroup(u) {
		kind = "group"
		if p, found := c.host.User(path.Dir(login)); found {
			parent = p.ID
		}
	}
	return obj{"id": u.ID, "name": path.Base(login), "path": path.Base(login), "kind": kind, "full_path": login,
		"parent_id": parent, "avatar_url": nil, "web_url": c.web(login)}
}
