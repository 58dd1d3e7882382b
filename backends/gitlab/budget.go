package gitlab

import (
	"strconv"
	"strings"
	"sync"

	"mooring/backends/cmserr"
)

// fullBudget is how complex an operation may be on GitLab.com, for people who are
// signed in. Servers may be set up otherwise.
// https://docs.gitlab.com/api/graphql/#limits
const fullBudget = 250

// frame is what an operation costs besides its parts: the project and its repository.
const frame = 4

// budget learns how complex an operation may be. The zero value is that of GitLab.com.
type budget struct {
	mu   sync.Mutex
	less int // than fullBudget
}

// left is what an operation's parts may cost.
func (b *budget) left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(fullBudget-frame-b.less, 1)
}

// learn makes the budget smaller after parts of some cost were refused. GitLab says
// how complex it found them, and how complex they might have been.
func (b *budget) learn(cost int, err error) {
	found, most, ok := complexity(cmserr.From(err).Message())
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.less = max(b.less, fullBudget-max(cost*most/found, frame+1))
}

// complexity reads "Query has complexity of 301, which exceeds max complexity of 250".
func complexity(said string) (found, most int, ok bool) {
	_, said, _ = strings.Cut(said, "complexity of ")
	first, said, _ := strings.Cut(said, ",")
	_, said, _ = strings.Cut(said, "complexity of ")
	end := 0
	for end < len(said) && said[end] >= '0' && said[end] <= '9' {
		end++
	}
	found, errFound := strconv.Atoi(first)
	most, errMost := strconv.Atoi(said[:end])
	return found, most, errFound == nil && errMost == nil && found > 0
}

func costOf(parts []part) int {
	sum := 0
	for _, p := range parts {
		sum += p.cost
	}
	return sum
}

// pack splits parts into runs that each fit, and answers where they end. One that is
// too big by itself is a run of its own.
func (b *budget) pack(parts []part) []int {
	var ends []int
	left := b.left()
	sum := 0
	for i, p := range parts {
		if sum > 0 && sum+p.cost > left {
			ends = append(ends, i)
			sum = 0
		}
		sum += p.cost
	}
	if len(parts) > 0 {
		ends = append(ends, len(parts))
	}
	return ends
}
