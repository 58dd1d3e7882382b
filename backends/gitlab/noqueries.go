package gitlab

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest/graphql"
)

// noQueries stands where there is no GraphQL.
type noQueries struct{}

func (noQueries) access(context.Context) (driver.Access, error) {
	return driver.Access{}, graphql.ErrNone
}

func (noQueries) tree(context.Context, string, string, bool) ([]driver.TreeEntry, error) {
	return nil, graphql.ErrNone
}

func (noQueries) blobs(context.Context, []place, bool) ([]blob, error) { return nil, graphql.ErrNone }

func (noQueries) lastCommits(context.Context, []place, string) ([]gjson.Result, error) {
	return nil, graphql.ErrNone
}

func (noQueries) names(context.Context, []string) ([]string, error) { return nil, graphql.ErrNone }

func (noQueries) pulls(context.Context, string, string) ([]driver.Pull, error) {
	return nil, graphql.ErrNone
}

func (noQueries) pullFiles(context.Context, []driver.Pull) ([][]driver.FileDiff, error) {
	return nil, graphql.ErrNone
}

func (noQueries) mergedHeads(context.Context, []driver.Branch) (map[driver.Branch]bool, error) {
	return nil, graphql.ErrNone
}
