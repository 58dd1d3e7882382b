package backends

import (
	"strconv"
	"sync"

	"mooring/backends/cmserr"
)

// hidden remembers which drafts the board can't show, so that a person hears of
// each once and not whenever the board is looked at.
type hidden struct {
	mu   sync.Mutex
	told map[string]bool
}

// tell reports a draft that lies behind another one of the same entry.
func (h *hidden) tell(report func(error), d draft) {
	name := "#" + strconv.Itoa(d.pull.Number)
	if d.pull.URL != "" {
		name = d.pull.URL
	}
	h.mu.Lock()
	if h.told == nil {
		h.told = map[string]bool{}
	}
	again := h.told[name]
	h.told[name] = true
	h.mu.Unlock()
	if again {
		return
	}
	e := cmserr.New(cmserr.Conflict, "There is more than one draft of "+quote(d.key.String())+". The pull request "+
		name+" is not shown. Publish or close the one that is, or close that one.")
	e.Path = d.key.String()
	report(e)
}

func (h *hidden) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = nil
}
