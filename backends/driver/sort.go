package driver

import "sort"

// SortEntries sorts by path, bytewise: Git sorts a folder as if its name ended in a
// slash.
func SortEntries(entries []TreeEntry) {
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
}

// SortFiles sorts by path, bytewise.
func SortFiles(files []FileDiff) {
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
}
