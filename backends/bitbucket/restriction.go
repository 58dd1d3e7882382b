package bitbucket

import (
	"context"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// MayPush implements driver.PushChecker. Bitbucket shows restrictions to administrators
// alone; who may not see them hears of one when saving.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/#api-repositories-workspace-repo-slug-branch-restrictions-get
func (r *Repo) MayPush(ctx context.Context, branch string) error {
	if _, err := r.headNow(ctx, branch); err != nil {
		return err
	}
	var rules []gjson.Result
	err := r.api.each(ctx, r.path("branch-restrictions")+rest.Query("kind", "push", "pagelen", pageSize),
		func(item gjson.Result) error {
			if restricts(item, branch) {
				rules = append(rules, item)
			}
			return nil
		})
	switch cmserr.KindOf(err) {
	case cmserr.Forbidden, cmserr.NotFound, cmserr.Unsupported:
		return nil
	}
	if err != nil || len(rules) == 0 {
		return err
	}
	me, err := r.api.Get(ctx, "/user?fields=uuid")
	if err != nil {
		return nil // nobody can be told from those who may
	}
	for _, rule := range rules {
		if !exempts(rule, me.Get("uuid").String()) {
			return cmserr.New(cmserr.Forbidden, "Only some accounts may push to the branch “"+branch+"”, and this one is none of them.")
		}
	}
	return nil
}

// restricts says whether a rule is about a branch. One for a kind of branches, such as all
// releases, can't be told from here.
func restricts(rule gjson.Result, branch string) bool {
	match := rule.Get("branch_match_kind").String()
	return rule.Get("kind").String() == "push" && match != "branching_model" && globs(rule.Get("pattern").String(), branch)
}

// exempts says whether a rule lets an account push. Who is in a group is not told: a rule
// with groups may let anybody.
func exempts(rule gjson.Result, uuid string) bool {
	if len(rule.Get("groups").Array()) > 0 {
		return true
	}
	for _, user := range rule.Get("users").Array() {
		if uuid != "" && user.Get("uuid").String() == uuid {
			return true
		}
	}
	return false
}

// globs says whether a name fits a pattern, in which * stands for any text.
func globs(pattern, name string) bool {
	first, next, starred := strings.Cut(pattern, "*")
	after, ok := strings.CutPrefix(name, first)
	switch {
	case !starred || !ok:
		return pattern == name
	case next == "":
		return true
	}
	for ; after != ""; after = after[1:] {
		if globs(next, after) {
			return true
		}
	}
	return false
}
