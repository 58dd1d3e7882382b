package rest

import (
	"sync"
	"time"
)

// noticeable is the longest pause that nobody is told of.
const noticeable = time.Second

// Wait is why a Governor pauses. With no Reason and a zero Until, it goes on.
type Wait struct {
	Host   string
	Reason string        // a sentence for people, e.g. "GitHub allows no more requests until 15:04 UTC (in 42 seconds)."
	Until  time.Time     // when it goes on
	For    time.Duration // the same from when it was told
}

// waits tells of the pauses of many calls as of one: at its beginning, when it
// becomes longer, and when the last call goes on.
type waits struct {
	mu     sync.Mutex
	tell   func(Wait)
	paused int
	told   time.Time
}

func (w *waits) begin(wait Wait) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused++
	if w.tell != nil && wait.Until.After(w.told) {
		w.told = wait.Until
		w.tell(wait)
	}
}

func (w *waits) end(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused--
	if w.tell != nil && w.paused == 0 {
		w.told = time.Time{}
		w.tell(Wait{Host: host})
	}
}
