package backends

import "sync"

// space tells where a file was seen: the published branch, or a draft.
type space string

const published space = ""

// versions remembers which version of each file the editor has before them.
type versions struct {
	mu   sync.Mutex
	seen map[place]version
}

type place struct {
	in   space
	path string
}

// version is a file as the editor knows it.
type version struct {
	id    string // of the blob that was read, "" if it was not read or has none
	data  string // what was read
	read  bool
	saved string // what was written since
	wrote bool
}

// knows says whether data is nothing new to the editor.
func (v version) knows(data string) bool {
	return v.read && v.data == data || v.wrote && v.saved == data
}

// note takes down what the editor was given.
func (v *versions) note(in space, path, id, data string) {
	v.put(place{in, path}, version{id: id, data: data, read: true})
}

// wrote takes down what the editor saved.
func (v *versions) wrote(in space, path, data string) {
	at := place{in, path}
	known, _ := v.at(in, path)
	known.saved, known.wrote = data, true
	v.put(at, known)
}

func (v *versions) put(at place, ver version) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[place]version{}
	}
	v.seen[at] = ver
}

func (v *versions) at(in space, path string) (version, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	ver, ok := v.seen[place{in, path}]
	return ver, ok
}

// latest is the version in a draft, or the published one that the editor began with.
func (v *versions) latest(in space, path string) (version, bool) {
	if ver, ok := v.at(in, path); ok {
		return ver, true
	}
	return v.at(published, path)
}

// move follows a file to its new path.
func (v *versions) move(in space, from, to string) {
	if ver, ok := v.at(in, from); ok {
		v.put(place{in, to}, ver)
		v.forget(in, from)
	}
}

func (v *versions) forget(in space, path string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.seen, place{in, path})
}

// publish turns what the editor knows of a draft into what they know of the
// published branch: merging is no change by somebody else.
func (v *versions) publish(draft space) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for at, ver := range v.seen {
		if at.in != draft {
			continue
		}
		main := v.seen[place{published, at.path}]
		if main.wrote = true; ver.wrote {
			main.saved = ver.saved
		} else {
			main.saved = ver.data
		}
		v.seen[place{published, at.path}] = main
		delete(v.seen, at)
	}
}

// drop forgets a draft.
func (v *versions) drop(draft space) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for at := range v.seen {
		if at.in == draft {
			delete(v.seen, at)
		}
	}
}

func (v *versions) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen = nil
}
