package fakegitlab

import "mooring/backends/fakehost/graphql"

// fixedCosts are the fields that add another number than one: two where they
// call Gitaly, and what the schema says (app/graphql/types).
var fixedCosts = map[string]int{
	"Tree.blobs": 2, "Tree.submodules": 2, "Tree.lastCommit": 10,
	"Repository.rootRef": 2, "Repository.empty": 2, "Repository.exists": 2,
	"RepositoryBlob.lfsOid": 2, "Blob.lfsOid": 2,
	"MergeRequest.diffStats": 2, "MergeRequest.diffStatsSummary": 2, "MergeRequest.sourceBranchExists": 2,
	"MergeRequest.rebaseInProgress": 2, "MergeRequest.detailedMergeStatus": 2,
	"MergeRequest.labels": 5, "MergeRequest.mergedAt": 5,
}

// resolved are the fields that have a resolver: they add one, and more for what
// is asked of them (app/graphql/resolvers/base_resolver.rb).
var resolved = map[string]resolver{
	"Query.project":         {},
	"Query.metadata":        {},
	"Query.users":           {list: true},
	"Project.mergeRequest":  {},
	"Project.mergeRequests": {list: true},
	"Repository.tree":       {gitaly: true},
	"Repository.blobs":      {gitaly: true, list: true},
}

type resolver struct{ gitaly, list bool }

// fieldCost is a field's complexity (app/graphql/types/base_field.rb).
func fieldCost(typ, field string, args graphql.Args, child int) int {
	r, known := resolved[typ+"."+field]
	if !known {
		return child + max(fixedCosts[typ+"."+field], 1)
	}
	n := child + 1 + len(args.Strings("paths"))
	if args.Has("sort") {
		n++
	}
	if args.Has("search") {
		n += 5
	}
	if r.gitaly {
		n++
	}
	if !r.list || args.Has("iids") {
		return n
	}
	// Each item of a page adds a hundredth.
	items := paging.MaxPage
	for _, name := range []string{"first", "last"} {
		if asked, given := args.Int(name); given {
			items = min(items, asked)
		}
	}
	return n + n*items/100
}
