package proxy

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

const howToStart = "Start it with `npx @staticcms/proxy-server` in the repository, then try again."

func (c *Client) origin() string { return rest.Origin(c.o.URL) }

// doubt is what to say of a write whose answer did not tell how it went.
func (c *Client) doubt(action string) string {
	if !writes(action) {
		return ""
	}
	return " It is not known whether " + action + " took effect: check the repository before you repeat it."
}

// unanswered is a request without a whole answer.
func (c *Client) unanswered(action string, err error) error {
	if !cmserr.Is(err, cmserr.Network) {
		return err
	}
	return cmserr.Wrap(cmserr.Network, err,
		"No proxy server answered at "+c.origin()+"."+c.doubt(action)+" "+howToStart)
}

// garbled is a 2xx answer that is no JSON, or only the beginning of it.
func (c *Client) garbled(action string, answer *rest.Response) error {
	body := strings.TrimSpace(string(answer.Body[:min(len(answer.Body), maxAnswerExcerpt)]))
	e := cmserr.New(cmserr.Network, "The answer of the proxy server at "+c.origin()+
		" broke off."+c.doubt(action)+" See its terminal, then try again.")
	switch {
	case body == "":
		e.Msg = "The server at " + c.origin() + " answered " + action + " with nothing." + c.doubt(action) +
			" Check that backend.proxy_url names a proxy server and ends in /api/v1."
	case body[0] != '{' && body[0] != '[':
		return c.stranger(action, answer.Status)
	}
	e.Status = answer.Status
	return e
}

// stranger is an answer from something that is no proxy server.
func (c *Client) stranger(action string, status int) error {
	kind := rest.KindOf(status)
	if status < 400 || status == 404 || status == 405 {
		kind = cmserr.Invalid
	}
	return &cmserr.Error{Kind: kind, Status: status, Msg: "What answered at " + c.origin() +
		" (HTTP " + strconv.Itoa(status) + ") is not a CMS proxy server." + c.doubt(action) +
		" Check backend.proxy_url, which usually ends in /api/v1. " + howToStart}
}

// refused is the table from the servers' refusals to kinds. They answer with
// {"error": …}, and once with {"message": …}.
func (c *Client) refused(action string, answer *rest.Response) error {
	if answer.Status == 413 {
		return &cmserr.Error{Kind: cmserr.Invalid, Status: 413, Msg: "The proxy server at " + c.origin() +
			" takes at most 50 MB in one request, and " + action + " needs more. Save fewer or smaller files at a time."}
	}
	var said, message gjson.Result
	if gjson.ValidBytes(answer.Body) {
		parsed := gjson.ParseBytes(answer.Body)
		said, message = parsed.Get("error"), parsed.Get("message")
	}
	if said.Type != gjson.String && message.Type != gjson.String {
		return c.stranger(action, answer.Status)
	}
	e := c.meaning(action, answer.Status, said.Str)
	e.Status = answer.Status
	return e
}

func (c *Client) meaning(action string, status int, said string) *cmserr.Error {
	server := "The proxy server at " + c.origin()
	switch {
	case status == 404 && action == actDraft:
		return cmserr.New(cmserr.NotInWorkflow, "The entry is not under editorial workflow.")
	case status == 404:
		return cmserr.New(cmserr.NotFound, "The file does not exist.")
	case status == 422 && (strings.HasPrefix(said, "Unknown action") || strings.HasPrefix(said, `"action" must be`)):
		return cmserr.New(cmserr.Unsupported, c.unknownAction(action))
	case status == 422 && strings.HasPrefix(said, "Default branch"):
		return cmserr.New(cmserr.NotFound, server+" edits a repository that has no such branch. "+
			"Set backend.branch to a branch that exists there; the default is main.")
	case status == 422:
		return cmserr.New(cmserr.Invalid, server+" refused "+action+fieldOf(said)+".")
	case status == 500:
		return cmserr.New(cmserr.Unknown, server+" failed at "+action+c.aftermath(action)+
			" It does not say why: look at the terminal it runs in.")
	}
	kind := rest.KindOf(status)
	return cmserr.New(kind, server+" answered "+action+" with HTTP "+strconv.Itoa(status)+"."+c.doubt(action))
}

// aftermath is what a failed write may have left behind.
func (c *Client) aftermath(action string) string {
	if !writes(action) {
		return "."
	}
	return ", and may have done a part of it: check `git status` in the repository."
}

func (c *Client) unknownAction(action string) string {
	switch action {
	case actDrafts, actDraft, actDraftData, actDraftMedia, actDeleteDraft, actSetStatus, actPublish:
		return noWorkflow(c.origin())
	}
	return "The proxy server at " + c.origin() + " does not know " + action +
		". Update @staticcms/proxy-server or decap-server."
}

func noWorkflow(origin string) string {
	return "The proxy server at " + origin + " has no editorial workflow in its present mode. " +
		"Start the server with MODE=git, or set publish_mode: simple in the CMS configuration."
}

// fieldOf is the servers' complaint about a field of the request. It begins with
// the field's quoted name; anything else is not passed on.
func fieldOf(said string) string {
	if !strings.HasPrefix(said, `"`) {
		return ""
	}
	if len(said) > maxAnswerExcerpt {
		said = strings.ToValidUTF8(said[:maxAnswerExcerpt], "") + "…"
	}
	return ": " + said
}

func missing(path string) error {
	return &cmserr.Error{Kind: cmserr.NotFound, Path: path, Msg: "The file does not exist."}
}

func invalid(path, msg string) error {
	return &cmserr.Error{Kind: cmserr.Invalid, Path: path, Msg: msg}
}
