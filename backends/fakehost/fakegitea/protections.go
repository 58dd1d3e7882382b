package fakegitea

import (
	"net/http"
	"slices"

	"mooring/backends/fakehost"
)

// protectionJSON is a rule. Its name is the branch's: the fake has no patterns.
func protectionJSON(name string, p fakehost.Protection) obj {
	none := []string{}
	return obj{"branch_name": name, "rule_name": name, "enable_push": !closedToPushes(p), "enable_push_whitelist": false,
		"push_whitelist_usernames": none, "push_whitelist_teams": none, "push_whitelist_deploy_keys": false,
		"enable_merge_whitelist": p.RestrictMerges, "merge_whitelist_usernames": none, "merge_whitelist_teams": none,
		"enable_status_check": len(p.RequiredChecks) > 0, "status_check_contexts": slices.Clone(p.RequiredChecks),
		"required_approvals": p.RequiredReviews, "enable_approvals_whitelist": false, "approvals_whitelist_username": none,
		"approvals_whitelist_teams": none, "block_on_rejected_reviews": false, "block_on_official_review_requests": false,
		"block_on_outdated_branch": false, "dismiss_stale_approvals": false, "ignore_stale_approvals": false,
		"require_signed_commits": false, "protected_file_patterns": "", "unprotected_file_patterns": "",
		"block_admin_merge_override": p.EnforceAdmins, "created_at": noTime, "updated_at": noTime}
}

// listProtections: GET …/branch_protections
func listProtections(c *call) (*answer, error) {
	list := []obj{}
	for _, ref := range c.repo.Refs("refs/heads/") {
		if p, protected := c.repo.Protection(ref.Branch()); protected {
			list = append(list, protectionJSON(ref.Branch(), p))
		}
	}
	return ok(list)
}

// getProtection: GET …/branch_protections/{name}
func getProtection(c *call) (*answer, error) {
	p, protected := c.repo.Protection(c.params["name"])
	if !protected {
		return nil, notFound()
	}
	return ok(protectionJSON(c.params["name"], p))
}

// createProtection: POST …/branch_protections. A new rule lets nobody push,
// unless it has enable_push.
func createProtection(c *call) (*answer, error) {
	var in struct {
		RuleName     string   `json:"rule_name"`
		BranchName   string   `json:"branch_name"`
		EnablePush   bool     `json:"enable_push"`
		StatusCheck  bool     `json:"enable_status_check"`
		Contexts     []string `json:"status_check_contexts"`
		Approvals    int      `json:"required_approvals"`
		MergeList    bool     `json:"enable_merge_whitelist"`
		BlockAdmins  bool     `json:"block_admin_merge_override"`
		MergeAllowed []string `json:"merge_whitelist_usernames"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	name := in.RuleName
	if name == "" {
		name = in.BranchName
	}
	if name == "" {
		return nil, badRequest("both rule_name and branch_name are empty")
	}
	if _, protected := c.repo.Protection(name); protected {
		return nil, forbidden("Branch protection already exist")
	}
	p := fakehost.Protection{RequiredReviews: in.Approvals, RestrictPushes: !in.EnablePush, EnforceAdmins: in.BlockAdmins,
		RestrictMerges: in.MergeList}
	if in.StatusCheck {
		p.RequiredChecks = in.Contexts
	}
	c.repo.Protect(name, &p)
	return &answer{status: http.StatusCreated, body: protectionJSON(name, p)}, nil
}

// deleteProtection: DELETE …/branch_protections/{name}
func deleteProtection(c *call) (*answer, error) {
	if _, protected := c.repo.Protection(c.params["name"]); !protected {
		return nil, notFound()
	}
	c.repo.Protect(c.params["name"], nil)
	return noContent()
}
