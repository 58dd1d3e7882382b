package control

import (
	"net/http"
	"time"

	"mooring/backends/fakehost"
)

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// settings changes what is given of {latency, treeLimit, forkPolls,
// mergeabilityPolls, hourlyLimit, maxBlobs, lfsUsable, noTotals, headLag,
// rebasePoll, mergePolls, maxComplexity, lfs: {refuse, objectError, expired, lose,
// truncate, corrupt, noVerify}}: see fakehost.Settings.
func (c *controller) settings(r *http.Request) (any, error) {
	var in struct {
		Latency, TreeLimit, ForkPolls, MergeabilityPolls, HourlyLimit, MaxBlobs *int
		HeadLag, RebasePoll, MergePolls, MaxComplexity                          *int
		LFSUsable, NoTotals                                                     *bool
		LFS                                                                     *fakehost.LFSTrouble
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.host.Set(func(s *fakehost.Settings) {
		if in.Latency != nil {
			s.Latency = milliseconds(*in.Latency)
		}
		set(&s.TreeLimit, in.TreeLimit)
		set(&s.ForkPolls, in.ForkPolls)
		set(&s.MergeabilityPolls, in.MergeabilityPolls)
		set(&s.HourlyLimit, in.HourlyLimit)
		set(&s.MaxBlobs, in.MaxBlobs)
		set(&s.LFSUsable, in.LFSUsable)
		set(&s.LFS, in.LFS)
		set(&s.NoTotals, in.NoTotals)
		set(&s.HeadLag, in.HeadLag)
		set(&s.RebasePoll, in.RebasePoll)
		set(&s.MergePolls, in.MergePolls)
		set(&s.MaxComplexity, in.MaxComplexity)
	})
	return nil, nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// addFault adds a rule {method, path, operation, skip, count} with the effect
// {latency, cutBefore, status, retryAfter, primaryLimit, cutAfter, staleReads,
// noCORS}.
func (c *controller) addFault(r *http.Request) (any, error) {
	var in struct {
		Method, Path, Operation           string
		Skip, Count                       int
		Latency, RetryAfter, PrimaryLimit int
		Status, StaleReads                int
		CutBefore, CutAfter, NoCORS       bool
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.host.Fault(fakehost.Rule{Method: in.Method, Path: in.Path, Operation: in.Operation, Skip: in.Skip, Count: in.Count,
		Effect: fakehost.Effect{Latency: milliseconds(in.Latency), CutBefore: in.CutBefore, Status: in.Status,
			RetryAfter: milliseconds(in.RetryAfter), PrimaryLimit: milliseconds(in.PrimaryLimit), CutAfter: in.CutAfter,
			StaleReads: in.StaleReads, NoCORS: in.NoCORS}})
	return nil, nil
}

func (c *controller) clearFaults(*http.Request) (any, error) {
	c.host.ClearFaults()
	return nil, nil
}

// setLimit leaves {login} so many {remaining} requests of {resource} (core or
// graphql) for {reset} from now.
func (c *controller) setLimit(r *http.Request) (any, error) {
	var in struct {
		Login, Resource  string
		Remaining, Reset int
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.host.SetRemaining(in.Login, in.Resource, in.Remaining, c.host.Now().Add(milliseconds(in.Reset)))
	return nil, nil
}

// requests answers the log: [{method, path, query, operation, status, faulty,
// error}].
func (c *controller) requests(*http.Request) (any, error) {
	type request struct {
		Method    string `json:"method"`
		Path      string `json:"path"`
		Query     string `json:"query,omitempty"`
		Operation string `json:"operation,omitempty"`
		Status    int    `json:"status"`
		Faulty    bool   `json:"faulty,omitempty"`
		Error     string `json:"error,omitempty"`
	}
	list := []request{}
	for _, q := range c.host.Requests() {
		list = append(list, request{q.Method, q.Path, q.Query, q.Operation, q.Status, q.Faulty, q.Err})
	}
	return list, nil
}

func (c *controller) clearRequests(*http.Request) (any, error) {
	c.host.ClearRequests()
	return nil, nil
}
