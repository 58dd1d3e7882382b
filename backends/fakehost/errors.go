package fakehost

import (
	"errors"
	"fmt"
)

// Kind says why the model refused something. Each host's fake has its own
// status and text for it.
type Kind int

// The kinds of refusal.
const (
	NotFound       Kind = iota + 1 // no such object, reference, pull request, label …
	Exists                         // a reference, pull request or label of that name is there already
	NotFastForward                 // the update would lose commits, and was not forced
	Invalid                        // the request makes no sense: a bad name, a bad path, no changes
	Conflict                       // the same path was changed on both sides
	Moved                          // the branch or pull request is not at the expected commit
	Protected                      // branch protection forbids it
	Forbidden                      // the user may not
	Blocked                        // a merge waits for checks or reviews
	EmptyRepo                      // the repository has no commit yet
)

// Error is the model's refusal.
type Error struct {
	Kind  Kind
	Msg   string
	Paths []string // for Conflict: the paths
	Field string   // for Invalid: the field of the request, when it is one
}

func (e *Error) Error() string { return e.Msg }

// KindOf is the Kind of a refusal, 0 for any other error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

func fail(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}
