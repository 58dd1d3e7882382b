//go:build js && wasm

package bridge

import "mooring/backends/cmserr"

func (p *Port) sendError(id int, err error) {
	_ = p.send("error", id, &Result{Meta: encodeError(err)})
}

// Event tells the other end something that is no answer to a call. Kinds:
// "report" (an error that no call can carry), "files" (test-repo's changes) and
// "progress" (why nothing goes on for a while).
func (p *Port) Event(kind string, r *Result) {
	_ = p.send(kind, 0, r)
}

// ReportError sends err as a "report" event.
func (p *Port) ReportError(err error) {
	p.Event("report", &Result{Meta: encodeError(err)})
}

func encodeError(err error) JSON {
	var j JSON
	j.Error(err)
	return j
}

// Error writes the shape that errors.ts makes a JavaScript Error of.
func (j *JSON) Error(err error) {
	e := cmserr.From(err)
	j.Object(func() {
		j.Field("kind").String(e.Kind.String())
		j.Field("message").String(e.Message())
		j.FieldIf("op", e.Op)
		j.FieldIf("host", e.Host)
		j.FieldIf("path", e.Path)
		j.Field("paths").Array(func() {
			for _, path := range e.Paths {
				j.String(path)
			}
		})
		j.Field("status").Int(e.Status)
		j.Field("retryAfter").Int(int(e.RetryAfter.Milliseconds()))
	})
}
