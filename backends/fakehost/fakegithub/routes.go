package fakegithub

// routes are the endpoints. Where several match a path, the first one counts.
var routes = []route{
	on("GET", "user", getUser),
	on("GET", "user/repos", listMyRepos),
	on("GET", "users/{login}", getUserByName),
	on("GET", "rate_limit", rateLimit),

	on("GET", "repos/{owner}/{repo}", getRepo),
	on("GET", "repos/{owner}/{repo}/collaborators/{login}/permission", getPermission),
	on("GET", "repos/{owner}/{repo}/forks", listForks),
	on("POST", "repos/{owner}/{repo}/forks", createFork),
	on("POST", "repos/{owner}/{repo}/merge-upstream", mergeUpstream),

	on("GET", "repos/{owner}/{repo}/branches", listBranches),
	on("GET", "repos/{owner}/{repo}/branches/{branch...}", getBranch),

	on("GET", "repos/{owner}/{repo}/git/ref/{ref...}", getRef),
	on("GET", "repos/{owner}/{repo}/git/matching-refs/{ref...}", matchingRefs),
	old(on("GET", "repos/{owner}/{repo}/git/refs", listRefs)),
	old(on("GET", "repos/{owner}/{repo}/git/refs/{ref...}", getRefs)),
	on("POST", "repos/{owner}/{repo}/git/refs", createRef),
	on("PATCH", "repos/{owner}/{repo}/git/refs/{ref...}", updateRef),
	on("DELETE", "repos/{owner}/{repo}/git/refs/{ref...}", deleteRef),

	on("GET", "repos/{owner}/{repo}/git/trees/{tree...}", getTree),
	on("POST", "repos/{owner}/{repo}/git/trees", createTree),
	on("GET", "repos/{owner}/{repo}/git/blobs/{sha}", getBlob),
	on("POST", "repos/{owner}/{repo}/git/blobs", createBlob),
	on("GET", "repos/{owner}/{repo}/git/commits/{sha}", getGitCommit),
	on("POST", "repos/{owner}/{repo}/git/commits", createGitCommit),

	on("GET", "repos/{owner}/{repo}/commits", listCommits),
	on("GET", "repos/{owner}/{repo}/commits/{ref...}/status", combinedStatus),
	on("GET", "repos/{owner}/{repo}/commits/{ref...}/statuses", listStatuses),
	on("GET", "repos/{owner}/{repo}/commits/{ref...}/check-runs", checkRuns),
	on("GET", "repos/{owner}/{repo}/commits/{ref...}", getCommit),
	on("POST", "repos/{owner}/{repo}/statuses/{sha}", createStatus),
	on("GET", "repos/{owner}/{repo}/compare/{basehead...}", compare),
	on("GET", "repos/{owner}/{repo}/contents", getContents),
	on("GET", "repos/{owner}/{repo}/contents/{path...}", getContents),

	on("GET", "repos/{owner}/{repo}/deployments", listDeployments),
	on("GET", "repos/{owner}/{repo}/deployments/{id}/statuses", deploymentStatuses),

	on("GET", "repos/{owner}/{repo}/pulls", listPulls),
	on("POST", "repos/{owner}/{repo}/pulls", createPull),
	on("GET", "repos/{owner}/{repo}/pulls/{number}", getPull),
	on("PATCH", "repos/{owner}/{repo}/pulls/{number}", updatePull),
	on("PUT", "repos/{owner}/{repo}/pulls/{number}/merge", mergePull),
	on("GET", "repos/{owner}/{repo}/pulls/{number}/files", pullFiles),
	on("GET", "repos/{owner}/{repo}/pulls/{number}/commits", pullCommits),
	on("GET", "repos/{owner}/{repo}/pulls/{number}/reviews", pullReviews),

	on("GET", "repos/{owner}/{repo}/issues/{number}/labels", pullLabels),
	on("PUT", "repos/{owner}/{repo}/issues/{number}/labels", setLabels),
	on("POST", "repos/{owner}/{repo}/issues/{number}/labels", addLabels),
	on("DELETE", "repos/{owner}/{repo}/issues/{number}/labels", clearLabels),
	on("DELETE", "repos/{owner}/{repo}/issues/{number}/labels/{name}", removeLabel),
	on("GET", "repos/{owner}/{repo}/labels", listLabels),
	on("POST", "repos/{owner}/{repo}/labels", createLabel),
	on("GET", "repos/{owner}/{repo}/labels/{name}", getLabel),
}
