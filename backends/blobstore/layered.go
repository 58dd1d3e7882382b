package blobstore

import "context"

// Layered is a small, quick Store in front of a large, slow one. What is asked for
// again within a session comes from the front, and the front alone has to do where
// the back is broken.
type Layered struct{ front, back Store }

// NewLayered puts front before back.
func NewLayered(front, back Store) *Layered { return &Layered{front, back} }

// Get implements Store. What the back can't answer is a miss.
func (l *Layered) Get(ctx context.Context, ids []string) (map[string][]byte, error) {
	found, err := l.front.Get(ctx, ids)
	if err != nil {
		found = map[string][]byte{}
	}
	var missing []string
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	more, err := l.back.Get(ctx, missing)
	if err != nil || len(more) == 0 {
		return found, nil
	}
	for id, data := range more {
		found[id] = data
	}
	_ = l.front.Put(ctx, more) // the back has it
	return found, nil
}

// Put implements Store.
func (l *Layered) Put(ctx context.Context, blobs map[string][]byte) error {
	_ = l.front.Put(ctx, blobs) // the back will have it
	return l.back.Put(ctx, blobs)
}

// Names implements Lister. The back knows everything that was put in, but for what it
// could not take; the front may know what is newest.
func (l *Layered) Names(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	for _, layer := range []Store{l.back, l.front} {
		lister, ok := layer.(Lister)
		if !ok {
			continue
		}
		more, err := lister.Names(ctx, prefix)
		if err != nil {
			continue
		}
		names = append(names, more...)
	}
	return names, nil
}

// Clear implements Store. The front is empty whatever the back says.
func (l *Layered) Clear(ctx context.Context) error {
	err := l.front.Clear(ctx)
	if backErr := l.back.Clear(ctx); backErr != nil {
		return backErr
	}
	return err
}
