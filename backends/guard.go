package backends

import "mooring/backends/cmserr"

// guarded runs fn, whose panic is then its error. What a call starts in a goroutine
// of its own needs that: nobody else catches it, and the whole program would end.
func guarded(fn func() error) (err error) {
	defer func() {
		if cause := cmserr.Panicked(recover()); cause != nil {
			err = cause
		}
	}()
	return fn()
}
