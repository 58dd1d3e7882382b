package github

import (
	"context"

	"mooring/backends/driver"
	"mooring/backends/rest/graphql"
)

// noQueries stands where there is no GraphQL.
type noQueries struct{}

func (noQueries) of(*Repo) queries { return noQueries{} }

func (noQueries) head(context.Context, string) (string, error) { return "", graphql.ErrNone }

func (noQueries) texts(context.Context, []driver.BlobRef) ([][]byte, error) {
	return nil, graphql.ErrNone
}

func (noQueries) histories(context.Context, string, []string) ([]driver.LastChange, error) {
	return nil, graphql.ErrNone
}

func (noQueries) names(context.Context, []string) ([]string, error) { return nil, graphql.ErrNone }

func (noQueries) pulls(context.Context, string, string) ([]driver.Pull, error) {
	return nil, graphql.ErrNone
}

func (noQueries) pullFiles(context.Context, []driver.Pull) ([][]driver.FileDiff, error) {
	return nil, graphql.ErrNone
}

func (noQueries) mergedHeads(context.Context, []driver.Branch) ([][]string, error) {
	return nil, graphql.ErrNone
}

func (noQueries) mutate(context.Context, driver.Commit, string) (string, error) {
	return "", graphql.ErrNone
}

func (noQueries) swap(context.Context, string, string, string) error { return graphql.ErrNone }
