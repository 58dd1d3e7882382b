package fakegitlab

import (
	"strings"

	"mooring/backends/fakehost"
)

// projectJSON is a project as its members see it.
func (c *call) projectJSON(r *fakehost.Repository) obj {
	i := r.Info()
	full, api := i.FullName(), c.origin()+"/api/v4/projects/"+digits(i.ID)
	head, hasHead := r.Head(i.DefaultBranch)
	var readme, branch any
	if hasHead {
		branch = i.DefaultBranch
		if root, err := r.TreeOf(head); err == nil {
			if _, found := r.EntryAt(root, "README.md"); found {
				readme = c.web(full, "-", "blob", i.DefaultBranch, "README.md")
			}
		}
	}
	o := obj{
		"id": i.ID, "description": orNull(i.Description), "name": i.Name, "name_with_namespace": strings.ReplaceAll(full, "/", " / "),
		"path": i.Name, "path_with_namespace": full, "created_at": timestamp(i.CreatedAt), "default_branch": branch,
		"tag_list": []string{}, "topics": []string{}, "ssh_url_to_repo": "git@" + c.r.Host + ":" + full + ".git",
		"http_url_to_repo": c.web(full) + ".git", "web_url": c.web(full), "readme_url": readme, "avatar_url": nil,
		"star_count": 0, "forks_count": len(r.Forks()), "last_activity_at": timestamp(i.PushedAt), "updated_at": timestamp(i.UpdatedAt),
		"namespace": c.namespaceJSON(i.Owner),
		"_links": obj{"self": api, "issues": api + "/issues", "merge_requests": api + "/merge_requests", "repo_branches": api + "/repository/branches",
			"labels": api + "/labels", "events": api + "/events", "members": api + "/members"},
		"empty_repo": !hasHead, "archived": i.Archived, "visibility": visibility(i), "creator_id": ownerID(c, i.Owner),
		"shared_with_groups": c.sharesJSON(r), "permissions": c.permissionsJSON(r),
	}
	if u, found := c.host.User(i.Owner); found && !isGroup(u) {
		o["owner"] = c.userBasic(u)
	}
	if i.Parent != nil {
		o["forked_from_project"] = c.parentJSON(i.Parent)
		o["mr_default_target_self"] = false
	}
	for name, value := range settingsJSON(i) {
		o[name] = value
	}
	return o
}

func ownerID(c *call, login string) int64 {
	u, _ := c.host.User(login)
	return u.ID
}

func (c *call) parentJSON(r *fakehost.Repository) obj {
	i := r.Info()
	return obj{"id": i.ID, "name": i.Name, "path": i.Name, "path_with_namespace": i.FullName(), "web_url": c.web(i.FullName()),
		"http_url_to_repo": c.web(i.FullName()) + ".git", "default_branch": i.DefaultBranch, "namespace": c.namespaceJSON(i.Owner),
		"name_with_namespace": strings.ReplaceAll(i.FullName(), "/", " / "), "created_at": timestamp(i.CreatedAt)}
}

// settingsJSON are a project's settings.
func settingsJSON(i fakehost.Info) obj {
	o := obj{
		"merge_method": mergeMethod(i), "squash_option": squashOption(i), "lfs_enabled": !i.NoLFS,
		"only_allow_merge_if_pipeline_succeeds": i.MustPass, "allow_merge_on_skipped_pipeline": nil,
		"only_allow_merge_if_all_discussions_are_resolved": i.MustResolve,
		"remove_source_branch_after_merge":                 i.DeleteBranchOnMerge,
		"request_access_enabled":                           true, "printing_merge_request_link_enabled": true,
		"autoclose_referenced_issues": true, "suggestion_commit_message": nil, "import_status": "none", "import_error": nil,
		"packages_enabled": true, "resolve_outdated_diff_discussions": false, "shared_runners_enabled": true,
		"ci_config_path": "", "public_jobs": true, "open_issues_count": 0, "service_desk_enabled": false,
		"can_create_merge_request_in": true, "emails_disabled": false, "emails_enabled": true, "container_registry_enabled": true,
		"merge_commit_template": nil, "squash_commit_template": nil, "issue_branch_template": nil,
		"repository_object_format": "sha1", "description_html": "",
	}
	for _, feature := range []string{"issues", "merge_requests", "wiki", "jobs", "snippets"} {
		o[feature+"_enabled"] = true
	}
	for _, feature := range []string{"issues", "repository", "merge_requests", "forking", "wiki", "builds", "snippets", "pages"} {
		o[feature+"_access_level"] = "enabled"
	}
	return o
}

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
