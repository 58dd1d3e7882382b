package lfs

import (
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// refused is the error that a whole batch comes back with.
func (c *Client) refused(op string, res *rest.Response) error {
	said := ""
	if gjson.ValidBytes(res.Body) {
		said = gjson.GetBytes(res.Body, "message").String()
	}
	return c.failure(op, res.Status, said)
}

// failure is what a code means, of a batch or of one object in it.
// https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md#response-errors
func (c *Client) failure(op string, code int, said string) error {
	e := &cmserr.Error{Kind: rest.KindOf(code), Status: code}
	lfs := c.Host + "'s Git LFS"
	switch code {
	case 401:
		e.Msg = lfs + " does not accept the session. Sign in again."
	case 403:
		e.Msg = lfs + " does not let this account " + does(op) + ". Ask the owner of the repository for access."
	case 404, 410:
		e.Msg = lfs + " has not this file. Push it there with `git lfs push --all`, or store it anew."
		if op == opUpload {
			e.Msg = lfs + " is not there for this repository. Switch it on in the repository's settings."
		}
	case 413:
		e.Msg = lfs + " does not take a file this large. Make it smaller."
	case 507:
		e.Kind = cmserr.Forbidden
		e.Msg = lfs + " has no room left. Delete what is not needed, or get more storage."
	case 509:
		e.Kind = cmserr.Forbidden
		e.Msg = lfs + " has sent or taken as much as this month's plan allows. Get more, or wait for the next month."
	default:
		e.Msg = lfs + " can't " + does(op) + " (error " + strconv.Itoa(code) + ")."
	}
	if op == opUpload {
		e.Msg += " Nothing was saved."
	}
	if said != "" {
		e.Msg += " It says: " + rest.Remark(said)
	}
	return e
}

func does(op string) string {
	if op == opUpload {
		return "store the file"
	}
	return "read the file"
}

// unkept is the error that a transfer comes back with. What stores say is for machines, and
// may name the link, which is a credential.
func (c *Client) unkept(req *rest.Request, res *rest.Response) error {
	op := opUpload
	if req.Method == "GET" {
		op = opDownload
	}
	switch res.Status {
	case 401, 403:
		// Of a link's own credential: it says nothing of the session.
		e := &cmserr.Error{Kind: cmserr.Forbidden, Status: res.Status}
		e.Msg = c.Host + "'s Git LFS storage (" + rest.Origin(req.URL) + ") refuses to " + does(op) + ". Try again; if it stays " +
			"so, ask whoever looks after the server."
		return e
	case 413, 507:
		return c.failure(op, res.Status, "")
	}
	e := &cmserr.Error{Kind: rest.KindOf(res.Status), Status: res.Status}
	if res.Status >= 500 {
		e.Kind = cmserr.Network
	}
	e.Msg = c.Host + "'s Git LFS storage (" + rest.Origin(req.URL) + ") could not " + does(op) + " (HTTP " +
		strconv.Itoa(res.Status) + "). Try again."
	return e
}
