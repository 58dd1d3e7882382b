package fakebitbucket

// The OAuth scopes (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#scopes).
const (
	account          = "account"
	email            = "email"
	repository       = "repository"
	repositoryWrite  = "repository:write"
	repositoryAdmin  = "repository:admin"
	pullrequest      = "pullrequest"
	pullrequestWrite = "pullrequest:write"
)

// routes are the endpoints. More than one may fit a path: the first counts.
var routes = []route{
	on("GET", "user", account, getUser),
	on("GET", "user/emails", email, listEmails),
	on("GET", "user/workspaces", account, listWorkspaces),
	on("GET", "user/workspaces/{workspace}/permissions/repositories", account, listPermissions),
	on("GET", "user/permissions/repositories", "", gone),
	on("GET", "user/permissions/workspaces", "", gone),
	on("GET", "users/{user}", account, getOtherUser),
	on("GET", "repositories", "", gone),
	on("GET", "workspaces", "", gone),

	in("GET", "", repository, getRepository),
	in("GET", "/refs/branches", repository, listBranches),
	in("POST", "/refs/branches", repositoryWrite, createBranch),
	in("GET", "/refs/branches/{name…}", repository, getBranch),
	in("DELETE", "/refs/branches/{name…}", repositoryWrite, deleteBranch),
	in("GET", "/refs/tags", repository, listTags),
	in("GET", "/refs", repository, listRefs),
	in("GET", "/branch-restrictions", repositoryAdmin, listRestrictions),
	in("GET", "/permissions-config/users", repositoryAdmin, listUserPermissions),

	in("GET", "/src", repository, redirectToMain),
	in("POST", "/src", repositoryWrite, createCommit),
	in("GET", "/src/{commit}/{path…}", repository, getSource),

	in("GET", "/commits", repository, listCommits),
	in("GET", "/commits/{revision…}", repository, listCommits),
	in("GET", "/commit/{commit}", repository, getCommit),
	in("GET", "/filehistory/{commit}/{path…}", repository, fileHistory),
	in("GET", "/diff/{spec…}", repository, getDiff),
	in("GET", "/diffstat/{spec…}", repository, getDiffstat),
	in("GET", "/merge-base/{spec…}", repository, getMergeBase),
	in("GET", "/commit/{commit}/statuses", repository, commitStatuses),
	in("POST", "/commit/{commit}/statuses/build", repository, createStatus),

	in("GET", "/pullrequests", pullrequest, listPulls),
	in("POST", "/pullrequests", pullrequestWrite, createPull),
	in("GET", "/pullrequests/{id}", pullrequest, getPull),
	in("PUT", "/pullrequests/{id}", pullrequestWrite, updatePull),
	in("POST", "/pullrequests/{id}/merge", pullrequestWrite, mergePull),
	in("GET", "/pullrequests/{id}/merge/task-status/{task}", pullrequest, mergeStatus),
	in("GET", "/pullrequests/{id}/mergeability/checks", pullrequest, mergeChecks),
	in("POST", "/pullrequests/{id}/decline", pullrequestWrite, declinePull),
	in("POST", "/pullrequests/{id}/approve", pullrequestWrite, approvePull),
	in("GET", "/pullrequests/{id}/comments", pullrequest, listComments),
	in("POST", "/pullrequests/{id}/comments", pullrequest, createComment),
	in("GET", "/pullrequests/{id}/comments/{comment}", pullrequest, getComment),
	in("PUT", "/pullrequests/{id}/comments/{comment}", pullrequest, updateComment),
	in("DELETE", "/pullrequests/{id}/comments/{comment}", pullrequest, deleteComment),
	in("GET", "/pullrequests/{id}/commits", pullrequest, pullCommits),
	in("GET", "/pullrequests/{id}/diff", pullrequest, redirectToDiff),
	in("GET", "/pullrequests/{id}/diffstat", pullrequest, redirectToDiffstat),
	in("GET", "/pullrequests/{id}/statuses", pullrequest, pullStatuses),
}
