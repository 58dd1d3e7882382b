package backends

import (
	"bytes"
	"strings"
	"testing"

	"mooring/backends/content"
	"mooring/backends/driver"
)

const emptyOID = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestPointer_Format(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"":    lfsVersion + "\noid sha256:" + emptyOID + "\nsize 0\n",
		"abc": lfsVersion + "\noid sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nsize 3\n",
	} {
		p, err := pointerTo(t.Context(), content.Bytes(data))
		if err != nil {
			t.Fatal(err)
		}
		got := formatPointer(p)
		if back, ok := parsePointer(got); string(got) != want || !ok || back != p {
			t.Errorf("%q: %q, read back as %+v", data, got, back)
		}
	}
}

func TestPointer_Parse(t *testing.T) {
	t.Parallel()
	oid := "oid sha256:" + emptyOID
	want := driver.LFSPointer{OID: emptyOID, Size: 12}
	for _, rest := range []string{
		oid + "\nsize 12\n", oid + "\nsize 12", "ext-0-foo sha256:" + emptyOID + "\n" + oid + "\nsize 12\n",
		oid + "\nsize 12\nx-later yes\n",
	} {
		if p, ok := parsePointer([]byte(lfsVersion + "\n" + rest)); !ok || p != want {
			t.Errorf("%q is no pointer: %+v", rest, p)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "version": strings.Replace(lfsVersion, "v1", "v2", 1) + "\n" + oid + "\nsize 12\n",
		"no version": oid + "\nsize 12\n", "only version": lfsVersion + "\n",
		"no oid": lfsVersion + "\nsize 12\n", "no size": lfsVersion + "\n" + oid + "\n",
		"order": lfsVersion + "\nsize 12\n" + oid + "\n", "twice": lfsVersion + "\n" + oid + "\n" + oid + "\nsize 12\n",
		"hash":      lfsVersion + "\noid md5:" + emptyOID + "\nsize 12\n",
		"short":     lfsVersion + "\noid sha256:e3b0\nsize 12\n",
		"upper":     lfsVersion + "\noid sha256:" + strings.ToUpper(emptyOID) + "\nsize 12\n",
		"negative":  lfsVersion + "\n" + oid + "\nsize -1\n",
		"plus":      lfsVersion + "\n" + oid + "\nsize +1\n",
		"no number": lfsVersion + "\n" + oid + "\nsize many\n",
		"huge":      lfsVersion + "\n" + oid + "\nsize 9223372036854775808\n",
		"no value":  lfsVersion + "\n" + oid + "\nsize\n",
		"crlf":      strings.ReplaceAll(lfsVersion+"\n"+oid+"\nsize 12\n", "\n", "\r\n"),
		"blank":     lfsVersion + "\n" + oid + "\n\nsize 12\n",
		"long":      lfsVersion + "\n" + oid + "\nsize 12\nx " + strings.Repeat("y", pointerSize) + "\n",
	} {
		if p, ok := parsePointer([]byte(text)); ok {
			t.Errorf("%s: taken for %+v", name, p)
		}
	}
}

func FuzzParsePointer(f *testing.F) {
	f.Add(formatPointer(driver.LFSPointer{OID: emptyOID, Size: 0}))
	f.Add([]byte(lfsVersion + "\next-0-a b\noid sha256:" + emptyOID + "\nsize 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, ok := parsePointer(data)
		if !ok {
			return
		}
		if again, ok := parsePointer(formatPointer(p)); !ok || again != p || !bytes.Contains(data, []byte(p.OID)) {
			t.Errorf("%q reads as %+v, and back as %+v", data, p, again)
		}
	})
}
