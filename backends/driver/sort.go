package driver

import "sort"

// SortPaths sorts bytewise. sort.Strings brings another copy of the algorithm along, for
// 4 kB of brotli in the browser module.
func SortPaths(paths []string) {
	sort.Slice(paths, func(i, j int) bool { return paths[i] < paths[j] })
}

// SortEntries sorts by path, bytewise: Git sorts a folder as if its name ended in a
// slash.
func SortEntries(entries []TreeEntry) {
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
}

// SortFiles sorts by path, bytewise.
func SortFiles(files []FileDiff) {
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
}
