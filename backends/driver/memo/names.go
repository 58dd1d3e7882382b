package memo

import (
	"cmp"
	"sync"
)

// Names remembers what accounts are called. The zero value is ready to use.
type Names struct {
	mu    sync.Mutex
	names map[string]string // by login
}

// Note keeps an account's name; one that has none is called by its login.
func (m *Names) Note(login, name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.names == nil {
		m.names = map[string]string{}
	}
	m.names[login] = cmp.Or(name, login)
}

// Names answers as driver.Namer's Names does. Those that are not known it gets from
// ask, which answers in the order of its logins.
func (m *Names) Names(logins []string, ask func(unknown []string) ([]string, error)) ([]string, error) {
	names, unknown := m.of(logins)
	if len(unknown) == 0 {
		return names, nil
	}
	found, err := ask(unknown)
	if err != nil {
		return nil, err
	}
	for i, login := range unknown {
		m.Note(login, found[i])
	}
	names, _ = m.of(logins)
	return names, nil
}

// of lists names by login, and the logins of which none is known.
func (m *Names) of(logins []string) (names, unknown []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	names = make([]string, len(logins))
	for i, login := range logins {
		if names[i] = m.names[login]; names[i] == "" {
			unknown = append(unknown, login)
		}
	}
	return names, unknown
}
