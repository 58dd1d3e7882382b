package fakegithub

import (
	"maps"
	"time"

	"mooring/backends/fakehost"
)

// timeText is how the API writes a time; null for the zero one.
func timeText(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// nullable is nil for "".
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// userJSON is a user inside other answers ("simple user").
func (c *call) userJSON(u fakehost.User) obj {
	api := c.api("users", u.Login)
	kind := "User"
	if u.Organization {
		kind = "Organization"
	}
	return obj{
		"login": u.Login, "id": u.ID, "node_id": nodeID(kind, u.ID), "gravatar_id": "",
		"avatar_url": c.web("avatars", digits(u.ID)),
		"url":        api, "html_url": c.web(u.Login),
		"followers_url":       api + "/followers",
		"following_url":       api + "/following{/other_user}",
		"gists_url":           api + "/gists{/gist_id}",
		"starred_url":         api + "/starred{/owner}{/repo}",
		"subscriptions_url":   api + "/subscriptions",
		"organizations_url":   api + "/orgs",
		"repos_url":           api + "/repos",
		"events_url":          api + "/events{/privacy}",
		"received_events_url": api + "/received_events",
		"type":                kind, "site_admin": false,
	}
}

// loginJSON is the user of that login, null when there is none (any more).
func (c *call) loginJSON(login string) any {
	u, ok := c.host.User(login)
	if !ok {
		return nil
	}
	return c.userJSON(u)
}

// profileJSON is the answer of /user and /users/{login}.
func (c *call) profileJSON(u fakehost.User) obj {
	o := c.userJSON(u)
	o["name"], o["email"] = nullable(u.Name), nil
	o["company"], o["location"], o["bio"], o["blog"] = nil, nil, nil, ""
	return o
}

// repoLinks are the addresses that hang on a repository, by key.
var repoLinks = map[string]string{
	"forks_url": "/forks", "keys_url": "/keys{/key_id}", "collaborators_url": "/collaborators{/collaborator}",
	"teams_url": "/teams", "hooks_url": "/hooks", "issue_events_url": "/issues/events{/number}",
	"events_url": "/events", "assignees_url": "/assignees{/user}", "branches_url": "/branches{/branch}",
	"tags_url": "/tags", "blobs_url": "/git/blobs{/sha}", "git_tags_url": "/git/tags{/sha}",
	"git_refs_url": "/git/refs{/sha}", "trees_url": "/git/trees{/sha}", "statuses_url": "/statuses/{sha}",
	"languages_url": "/languages", "stargazers_url": "/stargazers", "contributors_url": "/contributors",
	"subscribers_url": "/subscribers", "subscription_url": "/subscription", "commits_url": "/commits{/sha}",
	"git_commits_url": "/git/commits{/sha}", "comments_url": "/comments{/number}",
	"issue_comment_url": "/issues/comments{/number}", "contents_url": "/contents/{+path}",
	"compare_url": "/compare/{base}...{head}", "merges_url": "/merges", "archive_url": "/{archive_format}{/ref}",
	"downloads_url": "/downloads", "issues_url": "/issues{/number}", "pulls_url": "/pulls{/number}",
	"milestones_url": "/milestones{/number}", "notifications_url": "/notifications{?since,all,participating}",
	"labels_url": "/labels{/name}", "releases_url": "/releases{/id}", "deployments_url": "/deployments",
}

// minimalRepoJSON is a repository inside a combined status.
func (c *call) minimalRepoJSON(r *fakehost.Repository) obj {
	info := r.Info()
	api := c.api("repos", info.FullName())
	o := obj{
		"id": info.ID, "node_id": nodeID("Repository", info.ID), "name": info.Name, "full_name": info.FullName(),
		"private": info.Private, "owner": c.loginJSON(info.Owner), "html_url": c.web(info.FullName()),
		"description": nullable(info.Description), "fork": info.Parent != nil, "url": api,
	}
	for key, path := range repoLinks {
		o[key] = api + path
	}
	return o
}

// repoJSON is a repository inside other answers.
func (c *call) repoJSON(r *fakehost.Repository) obj {
	info, o := r.Info(), c.minimalRepoJSON(r)
	web, forks, open := c.web(info.FullName()), len(r.Forks()), r.OpenPulls()
	maps.Copy(o, obj{
		"created_at": timeText(info.CreatedAt), "updated_at": timeText(info.UpdatedAt), "pushed_at": timeText(info.PushedAt),
		"git_url": "git://github.com/" + info.FullName() + ".git", "ssh_url": "git@github.com:" + info.FullName() + ".git",
		"clone_url": web + ".git", "svn_url": web, "homepage": nil, "size": 0, "language": nil, "license": nil,
		"stargazers_count": 0, "watchers_count": 0, "watchers": 0, "has_issues": info.Parent == nil,
		"has_projects": true, "has_downloads": true, "has_wiki": true, "has_pages": false, "mirror_url": nil,
		"archived": info.Archived, "disabled": false, "forks_count": forks, "forks": forks,
		"open_issues_count": open, "open_issues": open, "default_branch": info.DefaultBranch,
	})
	return o
}

// listedRepoJSON is a repository of a list: with the caller's permissions.
func (c *call) listedRepoJSON(r *fakehost.Repository) obj {
	o := c.repoJSON(r)
	if c.signedIn() {
		p := (&call{Server: c.Server, user: c.user, token: c.token, repo: r}).permission()
		o["permissions"] = obj{"admin": p >= fakehost.Admin, "push": p >= fakehost.Write, "pull": p >= fakehost.Read}
	}
	return o
}

// fullRepoJSON is the answer of /repos/{owner}/{repo}. Merge settings are for
// those who may push.
func (c *call) fullRepoJSON(r *fakehost.Repository) obj {
	info, o := r.Info(), c.listedRepoJSON(r)
	o["network_count"], o["subscribers_count"] = len(r.Source().Forks()), 0
	p := (&call{Server: c.Server, user: c.user, token: c.token, repo: r}).permission()
	if p >= fakehost.Write {
		o["allow_merge_commit"], o["allow_squash_merge"] = !info.NoMergeCommits, !info.NoSquash
		o["allow_rebase_merge"], o["delete_branch_on_merge"] = !info.NoRebase, info.DeleteBranchOnMerge
		o["temp_clone_token"] = ""
	}
	if info.Parent != nil {
		o["parent"], o["source"] = c.repoJSON(info.Parent), c.repoJSON(r.Source())
	}
	return o
}
