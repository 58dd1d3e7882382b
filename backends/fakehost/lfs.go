package fakehost

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// PutLFS stores a Git LFS object and returns its id, the SHA-256.
func (r *Repository) PutLFS(content []byte) string {
	sum := sha256.Sum256(content)
	oid := hex.EncodeToString(sum[:])
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	r.lfs[oid] = slices.Clone(content)
	return oid
}

// LFS is the content of a Git LFS object.
func (r *Repository) LFS(oid string) ([]byte, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	content, ok := r.lfs[oid]
	return content, ok
}
