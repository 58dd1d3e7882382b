package gitea

import (
	"context"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// refused is the error that an answer is. This is the one table from the server's
// answers to kinds and sentences.
func refused(res *rest.Response) error {
	said := message(res)
	e := cmserr.New(rest.KindOf(res.Status), "")
	e.Status = res.Status
	for _, rule := range table {
		if rule.holds(res.Status, said) {
			e.Kind, e.Msg = rule.kind, rule.msg
			if rule.quotes {
				e.Msg += rest.Remark(said)
			}
			return e
		}
	}
	switch {
	case (res.Status == 404 || res.Status == 405) && !res.IsJSON():
		e.Kind, e.Msg = cmserr.Unsupported, noSuchAddress
	case res.Status == 404:
		e.Msg = "The server has no such thing, or this account may not see it."
	case res.Status >= 500 && said == "":
		e.Msg = "The server has trouble answering. Try again in a while; if it stays so, ask its administrator."
	case said != "":
		e.Msg = "The server refused: " + rest.Remark(said)
	default:
		e.Msg = "The server gave an answer that is not known."
	}
	return e
}

const noSuchAddress = "There is no API of Gitea or Forgejo at this address, or it is too old. " +
	"Check `backend.api_root`: it ends in “/api/v1”."

// rule is what answers of a status mean, or those that say something.
type rule struct {
	status int    // 0: any
	says   string // part of the message
	kind   cmserr.Kind
	msg    string
	quotes bool // the message goes on with the server's own
}

func (r rule) holds(status int, said string) bool {
	return (r.status == 0 || r.status == status) && strings.Contains(said, r.says)
}

// table is looked through in order. The texts are from the servers' routers/api and
// services folders.
var table = []rule{
	{401, "", cmserr.Unauthenticated,
		"The server does not take the token: it is wrong, has expired or was revoked. Sign in again.", false},
	{0, "required scope", cmserr.Forbidden, "The token may not do this. Make one with the permissions " +
		"“repository: read and write”, “issue: read and write” and “user: read”, and sign in again. The server says: ", true},
	{0, "invalid empty client secret", cmserr.Unauthenticated, publicClient, false},
	{0, "unauthorized_client", cmserr.Unauthenticated, publicClient, false},
	{0, "user cannot commit to", cmserr.Forbidden, protectedBranch, false},
	{0, "rotected branch", cmserr.Forbidden, protectedBranch + " The server says: ", true},
	{0, "branch protected", cmserr.Forbidden, protectedBranch, false},
	{0, "path is protected", cmserr.Forbidden, "The file is protected on this branch. " +
		"Ask a maintainer to let this account change it, or set `publish_mode: editorial_workflow`.", false},
	{0, "write to the target branch", cmserr.Forbidden,
		"This account may not write to the repository, or its token may not. Ask the owner for write access.", false},
	{0, "pre-receive hook declined", cmserr.Forbidden, "A hook on the server refused the change: ", true},
	{423, "", cmserr.Forbidden,
		"The repository is archived, so nothing can be saved. Ask its owner to unarchive it.", false},
	{0, "Repository is empty", cmserr.NotFound, "The repository is empty. Create its branch with a first commit.", false},
	{413, "", cmserr.Invalid, "That is more than the server takes at once. Save fewer or smaller files, or ask " +
		"the server's administrator to allow more.", false},
	{0, "quota", cmserr.Forbidden, "There is no room left for the repository on the server: ", true},
	{422, "MaxSize", cmserr.Invalid, "A path is longer than 500 bytes, or a branch's name than 100, which is the most that " +
		"the server takes. Choose a shorter name.", false},
	{422, "malformed path component", cmserr.Invalid, "The server does not take this name for a file: ", true},
}

const (
	publicClient = "The app that the site signs in with is registered as confidential. Whoever registered it must take " +
		"the check mark off “Confidential client” in the server's settings, under “Applications”."
	protectedBranch = "The branch is protected, and this account may not commit to it."
)

// message is what the server says, in JSON or, as OAuth's endpoint, in other fields.
func message(res *rest.Response) string {
	if !gjson.ValidBytes(res.Body) {
		if res.IsJSON() || res.Status == 404 || strings.HasPrefix(strings.TrimSpace(string(res.Body)), "<") {
			return ""
		}
		return string(res.Body)
	}
	v := gjson.ParseBytes(res.Body)
	said := v.Get("message").String()
	for _, field := range []string{"error", "error_description"} {
		if more := v.Get(field).String(); more != "" {
			said += " " + more
		}
	}
	return strings.TrimSpace(said)
}

// said is what the server answered, as far as an error shows it.
func said(err error) string { return strings.TrimPrefix(cmserr.From(err).Msg, "The server refused: ") }

// reachable says what is in the way where there is no answer at all. Servers of one's
// own let no web pages in unless they are told to, and the browser does not tell that
// from a server that is down.
type reachable struct{ rest.Doer }

// Do implements rest.Doer.
func (d reachable) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	res, err := d.Doer.Do(ctx, req)
	if !cmserr.Is(err, cmserr.Network) {
		return res, err
	}
	return nil, cmserr.Wrap(cmserr.Network, err, "No answer came from "+rest.Origin(req.URL)+". Check the connection, and "+
		"`backend.api_root`. If the server is there, it may not answer pages of this site: ask its administrator to set, in "+
		"the section [cors] of app.ini, ENABLED = true and ALLOW_DOMAIN = the address of this site, and to restart it.")
}

// missingRepository says of a repository that it is not there.
func missingRepository(err error, name string) error {
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	e := *cmserr.From(err)
	e.Msg = "There is no repository “" + name + "” on the server, or this account may not see it. " +
		"It may have been renamed or moved: check `backend.repo`."
	return &e
}

// at names the file that an error is about.
func at(err error, path string) error { return cmserr.At(err, "", "", path) }
