package bitbucket

import (
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// refused is the error that an answer is. This is the one table from Bitbucket's
// answers to kinds and sentences.
// https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses
func refused(res *rest.Response) error {
	said := message(res)
	e := cmserr.New(rest.KindOf(res.Status), "")
	e.Status = res.Status
	for _, rule := range table {
		if rule.holds(res.Status, said) {
			e.Kind, e.Msg = rule.kind, rule.msg
			if rule.quotes && said != "" {
				e.Msg += " Bitbucket says: " + rest.Remark(said)
			}
			return e
		}
	}
	switch {
	case res.Status == 404 && !res.IsJSON():
		e.Kind = cmserr.Unsupported
		e.Msg = "There is no API of Bitbucket at this address. Check `backend.api_root`: it ends in “/2.0”."
	case res.Status == 404:
		e.Msg = "Bitbucket has no such thing, or this account may not see it."
	case res.Status >= 500:
		e.Msg = "Bitbucket has trouble answering. Try again in a while; see " + publicStatus + "."
	case said != "":
		e.Msg = "Bitbucket refused: " + rest.Remark(said)
	default:
		e.Msg = "Bitbucket gave an answer that is not known."
	}
	return e
}

// rule is what answers of a status mean, or those that say something.
type rule struct {
	status int    // 0: any
	says   string // part of the message
	kind   cmserr.Kind
	msg    string
	quotes bool // Bitbucket's own message follows
}

func (r rule) holds(status int, said string) bool {
	return (r.status == 0 || r.status == status) && strings.Contains(said, r.says)
}

// table is looked through in order.
var table = []rule{
	{404, "No such file or directory", cmserr.NotFound, noFileThere, false},
	{401, "Access token expired", cmserr.Unauthenticated,
		"The session at Bitbucket has expired, or its token was revoked. Sign in again.", false},
	{401, "", cmserr.Unauthenticated,
		"Bitbucket does not take the token: it is wrong, has expired or was revoked. Sign in again.", false},
	{0, "privilege scopes", cmserr.Forbidden, "The token may not do this. Whoever registered the app or made the token must " +
		"give it the permissions to write to repositories and pull requests, and to read the account.", true},
	{0, "IP address is not", cmserr.Forbidden, "The workspace lets only some network addresses in, and this one is none of " +
		"them. Use the network that is allowed, or ask an administrator of the workspace.", false},
	{0, "two-step verification", cmserr.Forbidden,
		"The workspace asks for two-step verification. Switch it on in your Bitbucket account, and sign in again.", false},
	{0, "read-only", cmserr.Forbidden, "The repository is read-only at the moment, so nothing can be saved: " +
		"the workspace may have reached a limit of its plan.", true},
	{0, "repository size", cmserr.Forbidden, "There is no room left in the repository.", true},
	{0, "size limit", cmserr.Forbidden, "There is no room left in the repository.", true},
	{0, "restricted", cmserr.Forbidden, restrictedBranch, true},
	{0, "ermission denied to", cmserr.Forbidden, restrictedBranch, true},
	{0, "pre-receive", cmserr.Forbidden, "A rule of the repository refuses this commit.", true},
	{404, "Repository ", cmserr.NotFound, noRepository + ", or this account may not see it. Check `backend.repo`.", false},
	{0, "No such repository", cmserr.NotFound, noRepository + ", or this account may not see it. Check `backend.repo`.", false},
	{413, "", cmserr.Invalid, "That is more than Bitbucket takes at once. Save fewer or smaller files, or keep large ones in Git LFS.", false},
	{403, "", cmserr.Forbidden, "Bitbucket does not let this account do that. Ask an administrator of the repository " +
		"for write access.", true},
	{555, "", cmserr.Network, tooSlow, false},
}

const (
	restrictedBranch = "The branch is restricted, and this account may not commit to it."
	noRepository     = "There is no such repository on Bitbucket"
	noFileThere      = "There is no such file or folder."
	tooSlow          = "Bitbucket took too long for this. Try again in a moment."
)

// message is what Bitbucket says: a sentence, a detail, and what is wrong with fields.
func message(res *rest.Response) string {
	if !gjson.ValidBytes(res.Body) {
		if res.IsJSON() || strings.HasPrefix(strings.TrimSpace(string(res.Body)), "<") {
			return ""
		}
		return strings.TrimSpace(string(res.Body))
	}
	v := gjson.ParseBytes(res.Body).Get("error")
	if v.Type == gjson.String { // as OAuth has it
		return v.Str
	}
	said := v.Get("message").String()
	if detail := v.Get("detail"); detail.Type == gjson.String && detail.Str != "" {
		said = strings.TrimSuffix(said, ".") + ". " + detail.Str
	}
	if needs := v.Get("detail.required"); needs.Exists() {
		said += " It has " + texts(v.Get("detail.granted")) + "; it needs " + texts(needs) + "."
	}
	v.Get("fields").ForEach(func(field, why gjson.Result) bool {
		said += " " + field.String() + ": " + texts(why)
		return true
	})
	return strings.TrimSpace(said)
}

// texts joins a text, or a list of them.
func texts(v gjson.Result) string {
	if !v.IsArray() {
		return v.String()
	}
	var all []string
	for _, item := range v.Array() {
		all = append(all, item.String())
	}
	return strings.Join(all, ", ")
}

// lost says whether nobody knows if a change was made: the answer was lost, or
// Bitbucket stumbled.
func lost(err error) bool {
	return cmserr.Is(err, cmserr.Network) || cmserr.From(err).Status >= 500
}

// missing says of the repository that it is not there.
func (r *Repo) missing() error {
	return cmserr.New(cmserr.NotFound, "There is no repository “"+r.name+"” on Bitbucket, or this account may not see it. "+
		"It may have been renamed or moved: check `backend.repo`.")
}

// named says what is not there: the repository, or else what it was asked for.
func (r *Repo) named(err error, what string) error {
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	e := *cmserr.From(err)
	if strings.Contains(e.Msg, noRepository) {
		return r.missing()
	}
	e.Msg = what
	return &e
}

// at names the file that an error is about.
func at(err error, path string) error { return cmserr.At(err, "", "", path) }
