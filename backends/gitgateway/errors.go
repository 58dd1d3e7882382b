package gitgateway

import (
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// The gateway says of itself {code, msg}; whatever else comes is the provider's.
// https://github.com/netlify/git-gateway/blob/master/api/errors.go

// said is what the gateway itself says, "" if it was the provider who answered.
func said(res *rest.Response) string {
	if res.OK() || !gjson.ValidBytes(res.Body) {
		return ""
	}
	return gjson.GetBytes(res.Body, "msg").String()
}

// notAllowed begins what the gateway says of a request that it does not let through.
const notAllowed = "Access to endpoint not allowed"

// expired says whether an answer refuses a JWT: for the provider the gateway has its own
// token.
func expired(res *rest.Response) bool {
	return res.Status == 401 && !byProvider(res) && !strings.HasPrefix(said(res), notAllowed)
}

// byProvider says whether it was the provider who refused.
func byProvider(res *rest.Response) bool {
	v := gjson.ParseBytes(res.Body)
	return gjson.ValidBytes(res.Body) && !v.Get("msg").Exists() && (v.Get("message").Exists() || v.Get("error").Exists())
}

// refused is the error that an answer is which does not come from the provider, or that
// only who runs the site can do something about; nil for all others. This is the one
// table from the gateway's answers to kinds and sentences. Where a file was asked for, it
// may be a web page.
func (d *door) refused(res *rest.Response, file bool) error {
	said := said(res)
	e := &cmserr.Error{Status: res.Status}
	switch {
	case isNoGateway(res) && !(file && res.OK()), strings.Contains(said, "Unable to locate site configuration"):
		e.Kind, e.Status = cmserr.Invalid, 0 // nobody should take it for a missing file
		e.Msg = "Git Gateway does not answer. Check that it is enabled for the site, and that `backend.gateway_url` leads to it."
	case strings.Contains(said, "Settings Configured"):
		e.Kind, e.Status = cmserr.Invalid, 0
		e.Msg = "Git Gateway has no repository at " + d.provider + ". Ask the site's administrator to connect it."
	case strings.HasPrefix(said, notAllowed) && strings.Contains(said, "role"):
		e.Kind = cmserr.Forbidden
		e.Msg = "Git Gateway lets only people with certain roles edit this site, and you have none of them. " +
			"Ask the site's administrator for one, then sign in again."
	case strings.HasPrefix(said, notAllowed) && strings.Contains(said, "restricted"):
		return d.notPassed()
	case expired(res):
		e.Kind, e.Msg = cmserr.Unauthenticated, "Your session has ended. Sign in again."
	case res.Status == 401, res.Status == 403 && strings.Contains(string(res.Body), "not accessible by"):
		e.Kind = cmserr.Forbidden
		e.Msg = d.provider + " does not take the token that Git Gateway has, or does not let it do this. " +
			"Ask the site's administrator to reissue the token in Git Gateway's settings."
	case said != "" && !passing(res.Status):
		e.Kind, e.Msg = rest.KindOf(res.Status), "Git Gateway refused: "+rest.Remark(said)
		if e.Kind == cmserr.NotFound {
			e.Kind, e.Status = cmserr.Invalid, 0
		}
	default:
		return nil
	}
	return e
}

// isNoGateway says whether there is something else at the gateway's address, which has
// data where others have web pages, or a text that nothing is there. Bitbucket calls an
// empty answer a web page, too.
func isNoGateway(res *rest.Response) bool {
	kind := res.Header.Get("content-type")
	return len(res.Body) > 0 && res.Status < 500 && strings.HasPrefix(kind, "text/html") ||
		res.Status == 404 && strings.HasPrefix(kind, "text/")
}

// passing says whether an answer is worth waiting for a better one, which is the
// governor's business.
func passing(status int) bool { return status == 429 || status >= 502 && status <= 504 }

// notPassed is the error that a request is which the gateway refuses.
func (d *door) notPassed() error {
	return cmserr.New(cmserr.Unsupported, "Git Gateway does not pass this part of "+d.provider+"'s API, so it can't be done from here."+d.why)
}
