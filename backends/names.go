package backends

import (
	"context"
	"sync"

	"mooring/backends/driver"
)

// names remembers what the people are called who wrote drafts.
type names struct {
	mu    sync.Mutex
	known map[string]string // by login
}

// of is what somebody is called, as far as that is known.
func (n *names) of(login string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if name := n.known[login]; name != "" {
		return name
	}
	return login
}

// learn asks for the names of those who wrote drafts, for all on the board at once.
// Where they can't be had, the logins must do.
func (n *names) learn(ctx context.Context, d driver.Driver, drafts []draft) {
	namer, ok := d.(driver.Namer)
	if !ok {
		return
	}
	logins := n.unknown(drafts)
	if len(logins) == 0 {
		return
	}
	found, err := namer.Names(ctx, logins)
	if err != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[string]string{}
	}
	for i, login := range logins {
		n.known[login] = found[i]
	}
}

// unknown lists the authors whose names nobody has asked for.
func (n *names) unknown(drafts []draft) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	logins := map[string]bool{}
	for _, d := range drafts {
		if _, known := n.known[d.pull.Author]; !known && d.pull.Author != "" {
			logins[d.pull.Author] = true
		}
	}
	return keys(logins)
}
