package fakegitea

import "slices"

// Guards of whole groups of endpoints.
var (
	user  = []guard{scope("user"), reqToken}
	users = []guard{scope("user")}
	repo  = []guard{scope("repository"), enterRepo}
	issue = []guard{scope("issue"), enterRepo}
	// write is what changes of branches and commits ask for.
	write = []guard{reqToken, reqRepoWriter, mustNotBeArchived}
	admin = []guard{reqToken, reqAdmin}
)

// with joins guards.
func with(groups ...[]guard) []guard { return slices.Concat(groups...) }

func in(group []guard, more ...guard) []guard { return slices.Concat(group, more) }

// pages are the endpoints that aren't the API's.
var pages = []route{
	since(func(o offers) bool { return o.forgejo }, on("GET", "api/forgejo/v1/version", getForgejoVersion)),
	on("POST", "login/oauth/access_token", accessToken),
}

// routes are the API's endpoints, with the guards in the order of
// routers/api/v1/api.go. Where several match a path, the first one counts.
var routes = slices.Concat(plainRoutes, gitRoutes, contentRoutes, pullRoutes, issueRoutes)

var plainRoutes = []route{
	on("GET", "version", getVersion),
	on("GET", "settings/api", getAPISettings),
	on("GET", "settings/repository", getRepositorySettings),
	on("GET", "user", getUser, user...),
	on("GET", "users/{login}", getUserByName, users...),
	on("GET", "repos/{owner}/{repo}", getRepo, repo...),
	on("GET", "repos/{owner}/{repo}/collaborators/{login}/permission", getPermission, in(repo, reqToken)...),
	on("GET", "repos/{owner}/{repo}/branch_protections", listProtections, with(repo, admin)...),
	on("POST", "repos/{owner}/{repo}/branch_protections", createProtection, in(with(repo, admin), mustNotBeArchived)...),
	on("GET", "repos/{owner}/{repo}/branch_protections/{name...}", getProtection, with(repo, admin)...),
	on("DELETE", "repos/{owner}/{repo}/branch_protections/{name...}", deleteProtection, in(with(repo, admin), mustNotBeArchived)...),
}

var gitRoutes = []route{
	on("GET", "repos/{owner}/{repo}/branches", listBranches, repo...),
	on("POST", "repos/{owner}/{repo}/branches", createBranch, with(repo, write)...),
	on("GET", "repos/{owner}/{repo}/branches/{branch...}", getBranch, repo...),
	on("DELETE", "repos/{owner}/{repo}/branches/{branch...}", deleteBranch, with(repo, write)...),
	since(func(o offers) bool { return o.moveBranch },
		on("PUT", "repos/{owner}/{repo}/branches/{branch...}", moveBranch, with(repo, write)...)),
	since(func(o offers) bool { return o.renameBranch },
		on("PATCH", "repos/{owner}/{repo}/branches/{branch...}", renameBranch, with(repo, write)...)),

	on("GET", "repos/{owner}/{repo}/git/refs", listRefs, repo...),
	on("GET", "repos/{owner}/{repo}/git/refs/{ref...}", listRefs, repo...),
	on("GET", "repos/{owner}/{repo}/git/trees/{sha}", getTree, repo...),
	on("GET", "repos/{owner}/{repo}/git/blobs/{sha}", getBlob, repo...),
	since(func(o offers) bool { return o.blobsByID }, on("GET", "repos/{owner}/{repo}/git/blobs", getBlobs, repo...)),
	on("GET", "repos/{owner}/{repo}/git/commits/{sha}", getCommit, repo...),

	on("GET", "repos/{owner}/{repo}/commits", listCommits, repo...),
	since(func(o offers) bool { return !o.slashStatus }, on("GET", "repos/{owner}/{repo}/commits/{ref}/status", combinedStatus, repo...)),
	since(func(o offers) bool { return !o.slashStatus }, on("GET", "repos/{owner}/{repo}/commits/{ref}/statuses", listStatuses, repo...)),
	since(func(o offers) bool { return o.slashStatus }, on("GET", "repos/{owner}/{repo}/commits/{ref...}/status", combinedStatus, repo...)),
	since(func(o offers) bool { return o.slashStatus }, on("GET", "repos/{owner}/{repo}/commits/{ref...}/statuses", listStatuses, repo...)),
	on("GET", "repos/{owner}/{repo}/statuses/{ref}", listStatuses, repo...),
	on("POST", "repos/{owner}/{repo}/statuses/{ref}", createStatus, in(repo, reqToken, reqRepoWriter)...),
	on("GET", "repos/{owner}/{repo}/compare/{basehead...}", compare, repo...),
}

var contentRoutes = []route{
	on("GET", "repos/{owner}/{repo}/raw/{path...}", getRaw, repo...),
	on("GET", "repos/{owner}/{repo}/media/{path...}", getMedia, repo...),
	on("GET", "repos/{owner}/{repo}/contents", getContents, repo...),
	on("POST", "repos/{owner}/{repo}/contents", changeFiles, in(repo, mustEnableEditor, reqToken)...),
	on("POST", "repos/{owner}/{repo}/diffpatch", applyPatch, in(repo, mustEnableEditor, reqToken)...),
	on("GET", "repos/{owner}/{repo}/contents/{path...}", getContents, repo...),
	on("POST", "repos/{owner}/{repo}/contents/{path...}", createFile, in(repo, mustEnableEditor, reqToken)...),
	on("PUT", "repos/{owner}/{repo}/contents/{path...}", updateFile, in(repo, mustEnableEditor, reqToken)...),
	on("DELETE", "repos/{owner}/{repo}/contents/{path...}", deleteFile, in(repo, mustEnableEditor, reqToken)...),
	since(func(o offers) bool { return o.contentsExt }, on("GET", "repos/{owner}/{repo}/contents-ext", getContentsExt, repo...)),
	since(func(o offers) bool { return o.contentsExt }, on("GET", "repos/{owner}/{repo}/contents-ext/{path...}", getContentsExt, repo...)),
	since(func(o offers) bool { return o.fileContents }, on("GET", "repos/{owner}/{repo}/file-contents", getFileContents, repo...)),
	since(func(o offers) bool { return o.fileContents }, on("POST", "repos/{owner}/{repo}/file-contents", postFileContents, repo...)),
}

var pullRoutes = []route{
	on("GET", "repos/{owner}/{repo}/pulls", listPulls, repo...),
	on("POST", "repos/{owner}/{repo}/pulls", createPull, in(repo, reqToken, mustNotBeArchived)...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}.diff", pullDiff, repo...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}", getPull, repo...),
	on("PATCH", "repos/{owner}/{repo}/pulls/{index}", editPull, in(repo, reqToken)...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}/merge", isMerged, repo...),
	on("POST", "repos/{owner}/{repo}/pulls/{index}/merge", mergePull, in(repo, reqToken, mustNotBeArchived)...),
	on("POST", "repos/{owner}/{repo}/pulls/{index}/update", updatePull, in(repo, reqToken)...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}/files", pullFiles, repo...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}/commits", pullCommits, repo...),
	on("GET", "repos/{owner}/{repo}/pulls/{index}/reviews", listReviews, repo...),
	on("POST", "repos/{owner}/{repo}/pulls/{index}/reviews", createReview, in(repo, reqToken)...),
	on("GET", "repos/{owner}/{repo}/pulls/{base}/{head...}", pullByBranches, repo...),
}

var issueRoutes = []route{
	on("GET", "orgs/{org}/labels", listOrgLabels, scope("organization")),
	on("GET", "repos/{owner}/{repo}/labels", listLabels, issue...),
	on("POST", "repos/{owner}/{repo}/labels", createLabel, in(issue, reqToken, reqRepoWriter)...),
	on("GET", "repos/{owner}/{repo}/labels/{id}", getLabel, issue...),
	on("GET", "repos/{owner}/{repo}/issues/{index}/labels", pullLabels, issue...),
	on("PUT", "repos/{owner}/{repo}/issues/{index}/labels", replaceLabels, in(issue, reqToken)...),
	on("POST", "repos/{owner}/{repo}/issues/{index}/labels", addLabels, in(issue, reqToken)...),
	on("DELETE", "repos/{owner}/{repo}/issues/{index}/labels", clearLabels, in(issue, reqToken)...),
	on("DELETE", "repos/{owner}/{repo}/issues/{index}/labels/{id}", removeLabel, in(issue, reqToken)...),
}
