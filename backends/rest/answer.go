package rest

import (
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// Has says whether an answer has all of fields.
func Has(v gjson.Result, fields ...string) bool {
	for _, f := range fields {
		if !v.Get(f).Exists() {
			return false
		}
	}
	return true
}

// Misshapen is the error that an answer of a host is which lacks what it should have.
func Misshapen(host, what string) error {
	return cmserr.New(cmserr.Unknown, host+"'s answer has no "+what+
		" where one was expected. Check `backend.api_root`: it must be the API's address.")
}

// IsJSON says whether the answer claims to be JSON.
func (r *Response) IsJSON() bool { return strings.Contains(r.Header.Get("content-type"), "json") }

// longestRemark is how much of what a host says goes into an error, in bytes.
const longestRemark = 300

// Remark is what a host says, fit for the end of a sentence of ours: not too long, and
// with a full stop.
func Remark(said string) string {
	said = strings.TrimSpace(said)
	if len(said) > longestRemark {
		said = strings.ToValidUTF8(said[:longestRemark], "") + "…"
	}
	if !strings.HasSuffix(said, ".") {
		said += "."
	}
	return said
}
