package fakehost

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// LFSTrouble is what goes wrong with large files, beside what a Rule can do. See
// package fakelfs.
type LFSTrouble struct {
	Refuse      int  // the status with which the store answers each upload; 0: none
	ObjectError int  // the code of the error that a batch has instead of links; 0: none
	Expired     int  // that many links are out of date when they are given
	Lose        bool // uploads are thrown away, though their answer is that all went well
	Truncate    bool // half of a file is sent
	Corrupt     bool // other bytes are sent than those that were stored
	NoVerify    bool // uploads can't be verified: no link is given for that
}

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

// LFSObjects are the sizes of all Git LFS objects, by id.
func (r *Repository) LFSObjects() map[string]int {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	out := map[string]int{}
	for oid, content := range r.lfs {
		out[oid] = len(content)
	}
	return out
}
