package fakeoauth

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// dialect is in what the hosts' servers differ.
type dialect struct {
	name                     string // for people
	authorize, token, revoke string // paths; revoke may be empty
	prefix, refreshPrefix    string // of tokens
	tokenType                string

	lifetime               time.Duration // of tokens
	implicit, cors, rotate bool          // defaults of Settings

	needsSecret    bool // public apps can't trade codes
	needsPKCE      bool // public apps can't do without
	ignoresPKCE    bool
	needsRedirect  bool // also with the code
	looseRedirects bool // addresses below a registered one will do
	endsOld        bool // a renewal ends the token before it
	keepsRefresh   bool // a refresh token that is not good once is answered again
	endsReplayed   bool // a code that comes again ends what the first one gave

	// scopes are what a request grants, false when the app may not ask for it.
	scopes func(a *App, asked string) ([]string, bool)
	// answer is the token endpoint's.
	answer          func(i issued, rotate bool) map[string]any
	scopeInFragment string // what an implicit grant calls its scopes; empty when it doesn't say
	// refusals are by reason; those that are missing are other's.
	refusals map[reason]refusal
	other    refusal

	form        bool // answers are forms unless JSON is asked for
	assumesCode bool // response_type and grant_type may be missing
	onlyS256    bool
	// brokerScope is what brokers ask for by themselves.
	brokerScope string
}

var dialects = map[string]dialect{"github": github, "gitlab": gitlab, "gitea": gitea, "bitbucket": bitbucket}

// reason is why a server refuses.
type reason int

const (
	// At the page, where the app is not to be trusted with an answer:
	unknownApp reason = iota + 1
	wrongRedirect
	unknownUser

	// Back to the app:
	denied
	unsupportedResponse
	wrongScope
	missingPKCE
	wrongMethod

	// At the token endpoint:
	unreadable
	unsupportedGrant
	unknownClient
	emptySecret
	wrongSecret
	emptySecretRenewing
	wrongSecretRenewing
	missingRedirect
	otherRedirect
	unknownCode
	usedCode
	expiredCode
	otherApp
	wrongVerifier
	unknownRefresh
	usedRefresh
	expiredRefresh
)

// refusal is an error answer: https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
type refusal struct {
	status            int // of the token endpoint; default 400
	name, description string
	uri               string
}

func (r refusal) Error() string { return r.name + ": " + r.description }

func (r refusal) code() int {
	if r.status == 0 {
		return http.StatusBadRequest
	}
	return r.status
}

// fields are what is sent.
func (r refusal) fields() url.Values {
	v := url.Values{"error": {r.name}}
	if r.description != "" {
		v.Set("error_description", r.description)
	}
	if r.uri != "" {
		v.Set("error_uri", r.uri)
	}
	return v
}

// refuse finds the words for a reason.
func (d dialect) refuse(why reason) refusal {
	if r, ok := d.refusals[why]; ok {
		return r
	}
	return d.other
}

// words splits a list of scopes.
func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '+' })
}

func seconds(d time.Duration) int { return int(d.Seconds()) }
