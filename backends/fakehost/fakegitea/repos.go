package fakegitea

import "mooring/backends/fakehost"

// getRepo: GET /repos/{owner}/{repo}
func getRepo(c *call) (*answer, error) { return ok(c.repoJSON(c.repo)) }

// repoJSON is a repository with what the caller may do (services/convert/
// repository.go).
func (c *call) repoJSON(r *fakehost.Repository) obj {
	info := r.Info()
	p := r.Permission(c.user.Login)
	branches := len(r.Refs("refs/heads/"))
	web := c.web(info.FullName())
	var owner any
	if u, ok := c.host.User(info.Owner); ok {
		owner = c.userJSON(u, c.user)
	}
	o := obj{"id": info.ID, "owner": owner, "name": info.Name, "full_name": info.FullName(),
		"description": info.Description, "empty": branches == 0, "private": info.Private, "fork": info.Parent != nil,
		"template": false, "mirror": false, "size": 24, "language": "", "languages_url": c.web("api/v1/repos", info.FullName(), "languages"),
		"html_url": web, "url": c.web("api/v1/repos", info.FullName()), "link": "", "ssh_url": "git@localhost:" + info.FullName() + ".git",
		"clone_url": web + ".git", "original_url": "", "website": "", "stars_count": 0, "forks_count": len(r.Forks()),
		"watchers_count": 1, "open_issues_count": 0, "open_pr_counter": r.OpenPulls(), "release_counter": 0,
		"default_branch": info.DefaultBranch, "archived": info.Archived, "created_at": timeText(info.CreatedAt),
		"updated_at": timeText(info.UpdatedAt), "archived_at": "1970-01-01T00:00:00Z",
		"permissions": obj{"admin": p >= fakehost.Admin, "push": p >= fakehost.Write, "pull": p >= fakehost.Read},
		"topics":      []string{}, "licenses": []string{}, "avatar_url": "", "internal": false, "mirror_interval": "",
		"object_format_name": "sha1", "mirror_updated": noTime}
	for name, value := range units(info) {
		o[name] = value
	}
	if c.offers.fields126 {
		o["has_code"], o["branch_count"] = true, branches
	}
	if info.Parent != nil {
		o["parent"] = c.repoJSON(info.Parent)
	}
	return o
}

// units are the repository's settings. Of the ways to merge it has three:
// rebase-merge and fast-forward-only are switched off.
func units(info fakehost.Info) obj {
	return obj{
		"has_issues": true, "internal_tracker": obj{"enable_time_tracker": true,
			"allow_only_contributors_to_track_time": true, "enable_issue_dependencies": true},
		"has_wiki": true, "has_pull_requests": true, "has_projects": true, "projects_mode": "all", "has_releases": true,
		"has_packages": true, "has_actions": false, "ignore_whitespace_conflicts": false,
		"allow_merge_commits": !info.NoMergeCommits, "allow_rebase": !info.NoRebase, "allow_rebase_explicit": false,
		"allow_squash_merge": !info.NoSquash, "allow_fast_forward_only_merge": false, "allow_rebase_update": true,
		"allow_manual_merge": false, "autodetect_manual_merge": false,
		"default_delete_branch_after_merge": info.DeleteBranchOnMerge, "default_merge_style": "merge",
		"default_allow_maintainer_edit": true,
	}
}
