package fakegitlab

// readRepository is the scope that reads files, but nothing else of the API.
const readRepository = "read_repository"

// routes are the endpoints.
var routes = []route{
	on("GET", "version", getVersion, "read_user"),
	on("GET", "metadata", getMetadata, "read_user"),
	on("GET", "user", getUser, "read_user"),
	on("GET", "personal_access_tokens/self", getOwnToken),
	on("GET", "users", listUsers, "read_user"),
	on("GET", "users/{user}", getUserByID, "read_user"),

	on("GET", "groups/{group}", getGroup),
	on("GET", "groups/{group}/members", listGroupMembers),
	on("GET", "groups/{group}/members/all", listGroupMembers),

	on("GET", "projects", listProjects),
	on("GET", "projects/{id}", getProject),
	on("PUT", "projects/{id}", updateProject),
	on("POST", "projects/{id}/archive", archiveProject),
	on("POST", "projects/{id}/unarchive", unarchiveProject),
	on("GET", "projects/{id}/members", listMembers),
	on("GET", "projects/{id}/members/all", listMembers),
	on("GET", "projects/{id}/members/{user}", getMember),
	on("GET", "projects/{id}/members/all/{user}", getMember),
	on("GET", "projects/{id}/forks", listForks),
	on("POST", "projects/{id}/fork", createFork),

	on("GET", "projects/{id}/protected_branches", listProtected),
	on("POST", "projects/{id}/protected_branches", protectBranch),
	on("GET", "projects/{id}/protected_branches/{branch}", getProtected),
	on("DELETE", "projects/{id}/protected_branches/{branch}", unprotectBranch),

	on("GET", "projects/{id}/repository/tree", getTree),
	on("GET", "projects/{id}/repository/blobs/{sha}", getBlob),
	on("GET", "projects/{id}/repository/blobs/{sha}/raw", getRawBlob),
	on("GET", "projects/{id}/repository/compare", compareCommits),
	on("GET", "projects/{id}/repository/merge_base", mergeBase),

	on("GET", "projects/{id}/repository/branches", listBranches),
	on("POST", "projects/{id}/repository/branches", createBranch),
	on("HEAD", "projects/{id}/repository/branches/{branch}", headBranch),
	on("GET", "projects/{id}/repository/branches/{branch}", getBranch),
	on("DELETE", "projects/{id}/repository/branches/{branch}", deleteBranch),

	on("GET", "projects/{id}/repository/files/{file_path}", getFile, readRepository),
	on("HEAD", "projects/{id}/repository/files/{file_path}", headFile, readRepository),
	on("GET", "projects/{id}/repository/files/{file_path}/raw", getRawFile, readRepository),
	on("POST", "projects/{id}/repository/files/{file_path}", createFile),
	on("PUT", "projects/{id}/repository/files/{file_path}", updateFile),
	on("DELETE", "projects/{id}/repository/files/{file_path}", deleteFile),

	on("GET", "projects/{id}/repository/commits", listCommits),
	on("POST", "projects/{id}/repository/commits", createCommit),
	on("GET", "projects/{id}/repository/commits/{sha}", getCommit),
	on("GET", "projects/{id}/repository/commits/{sha}/diff", commitDiff),
	on("POST", "projects/{id}/repository/commits/{sha}/revert", revertCommit),
	on("GET", "projects/{id}/repository/commits/{sha}/refs", commitRefs),
	on("GET", "projects/{id}/repository/commits/{sha}/merge_requests", commitPulls),
	on("GET", "projects/{id}/repository/commits/{sha}/statuses", listStatuses),
	on("POST", "projects/{id}/statuses/{sha}", createStatus),

	on("GET", "projects/{id}/merge_requests", listPulls),
	on("POST", "projects/{id}/merge_requests", createPull),
	on("GET", "projects/{id}/merge_requests/{iid}", getPull),
	on("PUT", "projects/{id}/merge_requests/{iid}", updatePull),
	on("PUT", "projects/{id}/merge_requests/{iid}/merge", mergePull),
	on("PUT", "projects/{id}/merge_requests/{iid}/rebase", rebasePull),
	on("POST", "projects/{id}/merge_requests/{iid}/approve", approvePull),
	on("GET", "projects/{id}/merge_requests/{iid}/commits", pullCommits),
	on("GET", "projects/{id}/merge_requests/{iid}/diffs", pullDiffs),
	on("GET", "projects/{id}/merge_requests/{iid}/changes", pullChanges),
	on("GET", "projects/{id}/merge_requests/{iid}/pipelines", pullPipelines),

	on("GET", "projects/{id}/labels", listLabels),
	on("POST", "projects/{id}/labels", createLabel),
	on("GET", "projects/{id}/labels/{label}", getLabel),

	on("GET", "projects/{id}/environments", listEnvironments),
	on("GET", "projects/{id}/environments/{environment}", getEnvironment),
	on("GET", "projects/{id}/deployments", listDeployments),
	on("GET", "projects/{id}/deployments/{deployment}", getDeployment),
	on("GET", "projects/{id}/pipelines", listPipelines),
}
