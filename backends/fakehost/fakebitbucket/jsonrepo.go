package fakebitbucket

import (
	"strconv"
	"time"

	"mooring/backends/fakehost"
)

// timestamp is how the API writes a time that isn't a commit's. nth tells those
// of one second apart.
func timestamp(t time.Time, nth int64) string {
	return t.UTC().Add(time.Duration(nth%1_000_000) * time.Microsecond).Format("2006-01-02T15:04:05.000000-07:00")
}

// commitTime is how the API writes a commit's time.
func commitTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-07:00") }

// digits is a number in a path.
func digits[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

// inRepo is the address of something of the repository in the API.
func (c *call) inRepo(parts ...string) string { return c.of(c.repo, parts...) }

func (c *call) of(r *fakehost.Repository, parts ...string) string {
	return c.api(append([]string{"repositories", r.FullName()}, parts...)...)
}

func href(address string) obj { return obj{"href": address} }

// repositoryBrief is a repository as part of something else.
func (c *call) repositoryBrief(r *fakehost.Repository) obj {
	i := r.Info()
	return obj{"type": "repository", "uuid": repoUUID(r), "full_name": i.FullName(), "name": i.Name, "links": obj{
		"self": href(c.of(r)), "html": href(c.web(i.FullName())), "avatar": href(c.web("account", "avatars", i.Name)),
	}, "slug": extra(func() any { return i.Name }), "is_private": extra(func() any { return i.Private }),
		"mainbranch": extra(func() any { return mainBranch(r) })}
}

// mainBranch is null as long as the repository is empty.
func mainBranch(r *fakehost.Repository) any {
	name := r.Info().DefaultBranch
	if _, found := r.Head(name); !found {
		return nil
	}
	return obj{"type": "branch", "name": name}
}

// getRepository: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/#api-repositories-workspace-repo-slug-get
func getRepository(c *call) (*answer, error) {
	r := c.repo
	i := r.Info()
	o := c.repositoryBrief(r)
	links := o["links"].(obj)
	for _, name := range []string{"watchers", "commits", "hooks", "forks", "downloads", "pullrequests"} {
		links[name] = href(c.inRepo(name))
	}
	links["branches"], links["tags"], links["source"] = href(c.inRepo("refs", "branches")), href(c.inRepo("refs", "tags")), href(c.inRepo("src"))
	links["clone"] = []obj{
		{"name": "https", "href": c.web(i.FullName()) + ".git"},
		{"name": "ssh", "href": "git@" + c.r.Host + ":" + i.FullName() + ".git"},
	}
	for name, value := range (obj{
		"scm": "git", "website": nil, "has_wiki": false, "has_issues": false, "fork_policy": "allow_forks", "language": "", "slug": i.Name,
		"description": i.Description, "is_private": i.Private, "size": 4358658, "mainbranch": mainBranch(r), "owner": c.userOf(i.Owner),
		"workspace": c.workspaceJSON(i.Owner, "workspace"), "created_on": timestamp(i.CreatedAt, i.ID), "updated_on": timestamp(i.PushedAt, i.ID),
	}) {
		o[name] = value
	}
	return ok(o)
}
