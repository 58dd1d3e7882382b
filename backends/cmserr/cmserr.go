// Package cmserr holds the one error type that crosses every layer of Mooring.
// Programs act on its Kind, people read its Msg.
package cmserr

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Kind says what a program can do about an error. Append only: the numbers and
// names are part of the JavaScript API.
type Kind uint8

const (
	Unknown         Kind = iota // nothing better is known
	NotFound                    // the path, branch, repository or draft does not exist
	Conflict                    // somebody else changed the same thing first
	Unauthenticated             // no credential, or one that is no longer valid
	Forbidden                   // a valid credential that may not do this
	RateLimited                 // too many requests: see RetryAfter
	Invalid                     // the request or the configuration is wrong
	Unsupported                 // this host or server cannot do this
	Network                     // no answer, or half of one
	Canceled                    // the caller gave up
	NotInWorkflow               // the entry is not under editorial workflow
	Internal                    // a defect of Mooring itself
	ForkNeeded                  // the person must agree to a fork first
)

var kindNames = [...]string{
	Unknown: "Unknown", NotFound: "NotFound", Conflict: "Conflict",
	Unauthenticated: "Unauthenticated", Forbidden: "Forbidden",
	RateLimited: "RateLimited", Invalid: "Invalid", Unsupported: "Unsupported",
	Network: "Network", Canceled: "Canceled", NotInWorkflow: "NotInWorkflow",
	Internal: "Internal", ForkNeeded: "ForkNeeded",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Unknown]
}

// ParseKind is the kind that String calls name, Unknown for a name that none has.
func ParseKind(name string) Kind {
	for kind, known := range kindNames {
		if known == name {
			return Kind(kind)
		}
	}
	return Unknown
}

// Error is what went wrong, where, and what to do. It never holds a token, an
// Authorization header or a response body.
type Error struct {
	Op         string        // the CMS's name of the call, e.g. "persistEntry"
	Host       string        // who answered, e.g. "github" or "proxy"
	Path       string        // the file it is about, if it is about one
	Paths      []string      // all files in conflict
	Kind       Kind          // what a program can do about it
	Status     int           // the HTTP status, 0 if there was none
	RetryAfter time.Duration // with RateLimited: how long to wait, 0 if unknown
	Msg        string        // for people: what happened and what to do
	Err        error         // the cause
}

// New makes an Error that says msg.
func New(kind Kind, msg string) *Error { return &Error{Kind: kind, Msg: msg} }

// Wrap makes an Error of kind around a cause. With an empty msg the cause speaks.
func Wrap(kind Kind, err error, msg string) *Error {
	return &Error{Kind: kind, Msg: msg, Err: err}
}

// Panicked makes an Error of what recover answered, nil of nil.
func Panicked(cause any) error {
	if cause == nil {
		return nil
	}
	text := "a panic"
	switch cause := cause.(type) {
	case error:
		text = cause.Error()
	case string:
		text = cause
	}
	return New(Internal, "This is a defect of Mooring, please report it ("+text+"). Nothing else is affected.")
}

// Error is "op path: message", without the parts that are unknown.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Path != "" {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.Path)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Message())
	return b.String()
}

// Message is the sentence for people, without op and path.
func (e *Error) Message() string {
	switch {
	case e.Msg != "":
		return e.Msg
	case e.Err != nil:
		return e.Err.Error()
	}
	return e.Kind.String()
}

func (e *Error) Unwrap() error { return e.Err }

// At returns err as an *Error that names op, host and path, without overwriting
// what an inner layer already named. A nil err stays nil.
func At(err error, op, host, path string) error {
	if err == nil {
		return nil
	}
	out := *From(err)
	if out.Op == "" {
		out.Op = op
	}
	if out.Host == "" {
		out.Host = host
	}
	if out.Path == "" {
		out.Path = path
	}
	return &out
}

// From finds the *Error in err, or makes one: a context's end is Canceled,
// anything else Unknown.
func From(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Wrap(Canceled, err, "The request was cancelled.")
	}
	return Wrap(Unknown, err, "")
}

// KindOf is the Kind of err; a nil error has none and answers Unknown.
func KindOf(err error) Kind {
	if err == nil {
		return Unknown
	}
	return From(err).Kind
}

// Is says whether err is an error of this kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
