package fakegitlab

import "mooring/backends/fakehost/graphql"

func newEngine() *graphql.Engine { return nil }

func (c *call) graphql() (*answer, error) { return nil, notFound("") }
