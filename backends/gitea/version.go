package gitea

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// version is which server it is. Most of what newer ones offer is tried, and done
// without if the server does not know it; this is for what can't be tried without
// harm. Gitea's changelog says what came when:
// https://github.com/go-gitea/gitea/blob/main/CHANGELOG.md
type version struct {
	forgejo      bool
	major, minor int
}

// renames says whether POST contents moves a file without its content (Gitea 1.25).
func (v version) renames() bool { return !v.forgejo && v.from(1, 25) }

// swaps says whether a branch can be put somewhere else from where it was seen:
// PUT branches (Gitea 1.26).
func (v version) swaps() bool { return !v.forgejo && v.from(1, 26) }

func (v version) from(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// versionMemo remembers the version once it is known.
type versionMemo struct {
	mu    sync.Mutex
	known *version
}

// serverVersion is asked for once, when something depends on it.
// https://docs.gitea.com/api/1.26/#tag/miscellaneous/operation/getVersion
func (a *api) serverVersion(ctx context.Context) (version, error) {
	a.version.mu.Lock()
	defer a.version.mu.Unlock()
	if a.version.known != nil {
		return *a.version.known, nil
	}
	v, err := a.Get(ctx, "/version")
	if err != nil {
		return version{}, err
	}
	found, err := decodeVersion(v)
	if err == nil {
		a.version.known = &found
	}
	return found, err
}

func decodeVersion(v gjson.Result) (version, error) {
	text := v.Get("version").String()
	if text == "" {
		return version{}, cmserr.New(cmserr.Unknown,
			"The server does not tell its version. Check `backend.api_root`: it must be the address of a Gitea or Forgejo API.")
	}
	return parseVersion(text), nil
}

// parseVersion reads "1.26.0", "1.27.0+dev-12-gabcdef" or "9.0.3+gitea-1.22.0", which
// is a Forgejo. What is no number, as of a build of somebody's own, counts as new.
func parseVersion(text string) version {
	v := version{forgejo: strings.Contains(text, "+gitea-"), major: 99}
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	if major, err := strconv.Atoi(parts[0]); err == nil {
		v.major = major
		if len(parts) > 1 {
			v.minor, _ = strconv.Atoi(leadingDigits(parts[1]))
		}
	}
	return v
}

func leadingDigits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
