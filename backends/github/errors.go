package github

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// refused is the error that an answer is. This is the one table from GitHub's
// answers to kinds and sentences.
// https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
func refused(res *rest.Response) error {
	e := cmserr.New(rest.KindOf(res.Status), "")
	e.Status = res.Status
	said := message(res.Body)
	e.Msg = sentence(res, said)
	switch {
	case isEmpty(said):
		e.Kind = cmserr.NotFound
	case isProtection(said):
		e.Kind = cmserr.Forbidden
	}
	return e
}

// sentence is what to tell a person.
func sentence(res *rest.Response, said string) string {
	switch {
	case res.Status == 401:
		return "GitHub does not take the token: it is wrong, has expired or was revoked. Sign in again."
	case res.Status == 403 && res.Header.Get("x-github-sso") != "":
		return "The organisation wants single sign-on for this token. Authorise it" + ssoPage(res) +
			", under “Configure SSO” of your tokens on GitHub, then try again."
	case strings.Contains(said, "OAuth App access restrictions"):
		return "The organisation restricts which apps may use its data. Ask one of its owners to approve this one " +
			"(organisation settings, “Third-party access”), or sign in with a token."
	case strings.Contains(said, "not accessible by personal access token"),
		strings.Contains(said, "not accessible by integration"):
		return "The token may not do this. Give it read and write access to “Contents” and “Pull requests” " +
			"of the repository, then sign in again."
	case isProtection(said):
		return "The branch is protected: " + rest.Remark(said) +
			" Ask a maintainer to let this account push, or set `publish_mode: editorial_workflow`."
	case strings.Contains(said, "was archived"):
		return "The repository is archived, so nothing can be saved. Ask its owner to unarchive it."
	case isEmpty(said):
		return "The repository is empty. Create its branch with a first commit."
	case res.Status == 404 && !res.IsJSON():
		return "There is no GitHub API at this address. Check `backend.api_root`."
	case res.Status == 404 && (said == "" || said == "Not Found"):
		return "GitHub has no such thing, or this account may not see it."
	case res.Status >= 500:
		return "GitHub has trouble answering. Try again in a while; see https://www.githubstatus.com."
	case said != "":
		return "GitHub refused: " + rest.Remark(said)
	}
	return "GitHub gave an answer that is not known."
}

func isEmpty(said string) bool { return strings.Contains(said, "Repository is empty") }

func isProtection(said string) bool {
	return strings.Contains(said, "rotected branch") || strings.Contains(said, "rule violations") ||
		strings.Contains(said, "Changes must be made through a pull request")
}

// ssoPage is where to authorise a token. The rest of the address is a secret.
func ssoPage(res *rest.Response) string {
	_, url, ok := strings.Cut(res.Header.Get("x-github-sso"), "url=")
	if !ok {
		return ""
	}
	page, _, _ := strings.Cut(url, "?")
	return " at " + page
}

// message is what GitHub says, with the details of a 422.
func message(body []byte) string {
	if !gjson.ValidBytes(body) {
		return ""
	}
	v := gjson.ParseBytes(body)
	said := v.Get("message").String()
	for _, e := range v.Get("errors").Array() {
		detail := e.Get("message").String()
		switch {
		case e.Type == gjson.String:
			detail = e.String()
		case detail == "":
			detail = e.Get("field").String() + " is " + cmp.Or(e.Get("code").String(), "wrong") + "."
		}
		if detail != "" && !strings.Contains(said, detail) {
			said += " " + detail
		}
	}
	return said
}

// tooMuchAtOnce marks an operation that is to be halved: see tooMuch.
const tooMuchAtOnce = "GitHub could not answer so much at once. Try again."

// refusedQuery is the error that GraphQL's errors are.
// https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
func refusedQuery(a graphql.Answer) error {
	first := a.Errors[0]
	said := first.Get("message").String()
	e := cmserr.New(cmserr.Unknown, "GitHub refused: "+rest.Remark(said))
	if isProtection(said) {
		e.Kind, e.Msg = cmserr.Forbidden, sentence(&rest.Response{Status: 403}, said)
		return e
	}
	switch first.Get("type").String() {
	case "NOT_FOUND":
		e.Kind = cmserr.NotFound
	case "FORBIDDEN":
		e.Kind = cmserr.Forbidden
		e.Msg = sentence(&rest.Response{Status: 403}, said)
	case "INSUFFICIENT_SCOPES":
		e.Kind, e.Msg = cmserr.Forbidden, "The token has not the scopes that this needs. Make one with the scope “repo”, and sign in again."
	case "STALE_DATA":
		e.Kind = cmserr.Conflict
	case "UNPROCESSABLE":
		e.Kind = cmserr.Invalid
	case "RATE_LIMITED", "RATE_LIMIT":
		e.Kind = cmserr.RateLimited
	case "MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED":
		e.Kind, e.Msg = cmserr.Invalid, tooMuchAtOnce
	case "":
		if strings.Contains(said, "complexity") || strings.Contains(said, "Something went wrong while executing your query") {
			e.Kind, e.Msg = cmserr.Invalid, tooMuchAtOnce
		}
	}
	return e
}

// missingRepository says of a repository that it is not there.
func missingRepository(err error, name string) error {
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	e := *cmserr.From(err)
	e.Msg = "There is no repository “" + name + "” on GitHub, or this account may not see it. " +
		"It may have been renamed or moved: check `backend.repo`."
	return &e
}

// at names the file that an error is about.
func at(err error, path string) error { return cmserr.At(err, "", "", path) }
