package gitlab

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// refused is the error that an answer is. This is the one table from GitLab's answers
// to kinds and sentences.
// https://docs.gitlab.com/api/rest/troubleshooting/
func refused(res *rest.Response) error {
	said := message(res.Body)
	e := cmserr.New(rest.KindOf(res.Status), "")
	e.Status = res.Status
	if isPushRefusal(said) || isScope(said) {
		e.Kind = cmserr.Forbidden
	}
	e.Msg = sentence(res, said)
	return e
}

// sentence is what to tell a person.
func sentence(res *rest.Response, said string) string {
	switch {
	case isScope(said):
		return "The token may not do this: it has not the scope “api”. Make one that has, and sign in again."
	case res.Status == 401:
		return "GitLab does not take the token: it is wrong, has expired or was revoked. Sign in again."
	case isProtection(said):
		return "The branch is protected, and this account may not push to it. " +
			"Ask a maintainer to allow it, or set `publish_mode: editorial_workflow`."
	case strings.Contains(said, "archived"):
		return archived
	case isPushRefusal(said):
		return "The project's rules refuse this commit: " + rest.Remark(said) +
			" Ask a maintainer, or change the commit messages under `backend.commit_messages`."
	case strings.Contains(said, "Project Not Found"):
		return noProject + ", or this account may not see it. Check `backend.repo`."
	case res.Status == 404 && !res.IsJSON():
		return "There is no GitLab API at this address. Check `backend.api_root`: it ends in “/api/v4”."
	case res.Status == 404:
		return "GitLab has no such thing, or this account may not see it."
	case res.Status == 403 && isPlain(said):
		return "GitLab does not let this account do that. Ask a maintainer of the project for the role Developer or above."
	case res.Status == 413 || strings.Contains(said, "too large"):
		return "GitLab takes no file or request this big. Make the file smaller, or add it with Git."
	case res.Status >= 500:
		return "GitLab has trouble answering. Try again in a while; for GitLab.com see https://status.gitlab.com."
	case said != "":
		return "GitLab refused: " + rest.Remark(said)
	}
	return "GitLab gave an answer that is not known."
}

const noProject = "There is no such project"

const archived = "The project is archived, so nothing can be saved. Ask its owner to unarchive it."

// isPlain says whether GitLab gives no reason.
func isPlain(said string) bool { return said == "" || said == "403 Forbidden" }

func isScope(said string) bool { return strings.Contains(said, "insufficient_scope") }

func isProtection(said string) bool {
	return strings.Contains(said, "not allowed to push into this branch") ||
		strings.Contains(said, "not allowed to push code to protected branches")
}

// isPushRefusal says whether a rule of the project refused a commit, which GitLab
// answers with 400 as it does malformed ones.
// https://docs.gitlab.com/user/project/repository/push_rules/
func isPushRefusal(said string) bool {
	for _, rule := range []string{
		"Commit message does not follow", "Commit message contains the forbidden", "does not follow the pattern",
		"is not a member of team", "is prohibited by the pattern", "has not verified", "Commit must be signed",
		"You cannot push commits for", "You can only push commits", "pre-receive hook declined", "hook declined", "GL-HOOK-ERR",
	} {
		if strings.Contains(said, rule) {
			return true
		}
	}
	return isProtection(said)
}

// message is what GitLab says: a text, a list of them, lists by field, or OAuth's
// error.
// https://docs.gitlab.com/api/rest/troubleshooting/#spam-and-validation-errors
func message(body []byte) string {
	if !gjson.ValidBytes(body) {
		return ""
	}
	v := gjson.ParseBytes(body)
	said := texts(v.Get("message"))
	if said == "" {
		said = strings.TrimSpace(texts(v.Get("error")) + " " + texts(v.Get("error_description")))
	}
	return said
}

// texts joins the texts of a message.
func texts(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	var all []string
	if v.IsArray() || v.IsObject() {
		v.ForEach(func(field, text gjson.Result) bool {
			said := texts(text)
			if name := field.String(); v.IsObject() && name != "base" {
				said = name + " " + said
			}
			all = append(all, said)
			return true
		})
	}
	return strings.Join(all, ", ")
}

// tooMuchAtOnce marks an operation that is to be asked for in pieces: see tooMuch.
const tooMuchAtOnce = "GitLab could not answer so much at once"

// refusedQuery is the error that GraphQL's errors are.
// https://docs.gitlab.com/api/graphql/#limits
func refusedQuery(a graphql.Answer) error {
	said := a.Errors[0].Get("message").String()
	switch {
	case strings.Contains(said, "exceeds max complexity"), strings.Contains(said, "Timeout"),
		strings.Contains(said, "timed out"), strings.Contains(said, "Query too large"):
		return cmserr.New(cmserr.Invalid, tooMuchAtOnce+": "+rest.Remark(said))
	case strings.Contains(said, "you don't have permission"):
		return cmserr.New(cmserr.NotFound, sentence(&rest.Response{Status: 404, Header: rest.Header{"content-type": "json"}}, ""))
	case strings.Contains(said, "Internal server error"):
		return &cmserr.Error{Kind: cmserr.Unknown, Status: 500, Msg: sentence(&rest.Response{Status: 500}, "")}
	}
	return cmserr.New(cmserr.Unknown, "GitLab refused: "+rest.Remark(cmp.Or(said, "it gives no reason")))
}

// tooMuch says whether an operation asks for more than GitLab gives at once.
func tooMuch(err error) bool {
	return err != nil && (rest.TooBig(err) || strings.HasPrefix(cmserr.From(err).Msg, tooMuchAtOnce))
}

// missing says of the project that it is not there.
func (r *Repo) missing() error {
	return cmserr.New(cmserr.NotFound, "There is no project “"+r.name+"” on GitLab, or this account may not see it. "+
		"It may have been renamed or moved: check `backend.repo`.")
}

// named says what is not there: the project, or else what it was asked for.
func (r *Repo) named(err error, what string) error {
	if err == nil || !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	e := *cmserr.From(err)
	switch {
	case strings.Contains(e.Msg, noProject):
		return r.missing()
	case !strings.Contains(e.Msg, "api_root"):
		e.Msg = what
	}
	return &e
}

// at names the file that an error is about.
func at(err error, path string) error { return cmserr.At(err, "", "", path) }
