package gitea

import (
	"context"
	"hash/adler32"
	"strconv"
	"strings"

	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/gitid"
	"mooring/backends/rest"
)

// Files that the server takes are regular ones: it refuses to write links, takes a name
// that begins with a dash for an option of Git's, and looks at each change as if it were
// alone, so that no file can take a folder's place. A patch says all that Git knows. What
// is in it is not put into Git LFS.

// needsPatch says whether changes write links, have such names, or let files and folders
// change places.
func needsPatch(changes []driver.Change, at changeset.Places) bool {
	for _, ch := range changes {
		links := isLink(at[ch.Path]) || ch.Op == driver.Move && isLink(at[ch.From])
		if links && ch.Op != driver.Delete || strings.HasPrefix(ch.Path, "-") || strings.HasPrefix(ch.From, "-") {
			return true
		}
	}
	return changeset.Reshapes(changes, at)
}

func isLink(p changeset.Place) bool {
	return p.Entry.Mode == driver.ModeSymlink || p.Entry.Mode == driver.ModeSubmodule
}

// apply makes a commit by a patch. Git applies it only to the very files that it was
// made for. "sha" means nothing there, but Forgejo insists on one.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoApplyDiffPatch
func (r *Repo) apply(ctx context.Context, c driver.Commit, to target, at changeset.Places) (committed, error) {
	server, err := r.api.serverVersion(ctx)
	if err != nil {
		return committed{}, err
	}
	return r.post(ctx, "diffpatch", c, to, func(j *rest.JSON) {
		if server.forgejo {
			j.Field("sha", exampleID(at))
		}
		j.Field("content", patchOf(c.Changes, at))
	})
}

// patchOf writes changes as Git's binary patches, which bring bytes as they are. What
// goes comes before what takes its place.
// https://git-scm.com/docs/diff-format#generate_patch_text_with_p
func patchOf(changes []driver.Change, at changeset.Places) string {
	var goes, comes strings.Builder
	for _, ch := range changes {
		was := at[ch.Path].Entry
		switch {
		case ch.Op == driver.Delete:
			deletion(&goes, was)
		case ch.Op == driver.Move:
			from := at[ch.From].Entry
			deletion(&goes, from)
			creation(&comes, ch, from.Mode, from.ID)
		case was.Mode == 0 || was.IsDir():
			creation(&comes, ch, driver.ModeRegular, exampleID(at))
		default:
			heading(&comes, ch.Path)
			comes.WriteString("index " + was.ID + ".." + gitid.Blob(ch.Data, was.ID) + " " + octal(was.Mode) + "\n")
			literal(&comes, ch.Data)
		}
	}
	return goes.String() + comes.String()
}

// exampleID is some id of the repository, of which new ones have the length.
func exampleID(at changeset.Places) string {
	for _, p := range at {
		if p.Entry.ID != "" {
			return p.Entry.ID
		}
	}
	return noObject("1234567890123456789012345678901234567890")
}

func deletion(b *strings.Builder, was driver.TreeEntry) {
	heading(b, was.Path)
	b.WriteString("deleted file mode " + octal(was.Mode) + "\nindex " + was.ID + ".." + noObject(was.ID) + "\n")
	literal(b, nil)
}

// creation writes a new file: with its data, or without if it has the known id, for Git
// has that already.
func creation(b *strings.Builder, ch driver.Change, mode driver.Mode, id string) {
	none := noObject(id)
	if ch.Op == driver.Put || ch.Data != nil {
		id = gitid.Blob(ch.Data, id)
	}
	heading(b, ch.Path)
	b.WriteString("new file mode " + octal(mode) + "\nindex " + none + ".." + id + "\n")
	literal(b, ch.Data)
}

func heading(b *strings.Builder, path string) {
	b.WriteString("diff --git " + quoted("a/"+path) + " " + quoted("b/"+path) + "\n")
}

func octal(m driver.Mode) string { return strconv.FormatUint(uint64(m), 8) }

// quoted writes a path as Git does: in quotes, with octal numbers for unusual bytes.
func quoted(path string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(path) {
		switch {
		case c == '"' || c == '\\':
			b.Write([]byte{'\\', c})
		case c < ' ' || c >= 0x7f:
			b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// lineBytes is how many bytes a line of a binary patch stands for; its first letter
// tells how many.
const lineBytes = 52

// literal writes the whole content of a file, deflated.
func literal(b *strings.Builder, data []byte) {
	b.WriteString("GIT binary patch\nliteral " + strconv.Itoa(len(data)) + "\n")
	for rest := stored(data); len(rest) > 0; {
		n := min(len(rest), lineBytes)
		if n <= 26 {
			b.WriteByte(byte('A' + n - 1))
		} else {
			b.WriteByte(byte('a' + n - 27))
		}
		base85(b, rest[:n])
		b.WriteByte('\n')
		rest = rest[n:]
	}
	b.WriteByte('\n')
}

// stored is data in zlib's format (RFC 1950, 1951), not compressed: a compressor would
// weigh more than it saves for what needs a patch.
func stored(data []byte) []byte {
	const most = 1<<16 - 1
	sum := adler32.Checksum(data)
	out := []byte{0x78, 0x01}
	for last := false; !last; {
		n := min(len(data), most)
		last = n == len(data)
		final := byte(0)
		if last {
			final = 1
		}
		out = append(out, final, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		out = append(out, data[:n]...)
		data = data[n:]
	}
	return append(out, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

// base85 writes bytes as Git does (base85.c): four as five letters.
func base85(b *strings.Builder, data []byte) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
	for len(data) > 0 {
		var group [4]byte
		n := copy(group[:], data)
		data = data[n:]
		v := uint32(group[0])<<24 | uint32(group[1])<<16 | uint32(group[2])<<8 | uint32(group[3])
		var out [5]byte
		for i := 4; i >= 0; i-- {
			out[i] = letters[v%85]
			v /= 85
		}
		b.Write(out[:])
	}
}

// noObject is the id of nothing, for repositories that have ids of that length.
func noObject(like string) string { return strings.Repeat("0", len(like)) }
