package backends_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "mooring/"

// gitHosts are the packages that speak to Git hosts.
var gitHosts = []string{"backends/github", "backends/gitlab", "backends/bitbucket", "backends/gitea",
	"backends/gitgateway", "backends/testrepo"}

const (
	gjson  = "github.com/tidwall/gjson"
	safejs = "github.com/hack-pad/safejs"
	gogit  = "github.com/go-git/go-git/v5/plumbing/"
)

// rules say which packages of ours, and which from elsewhere, each package may
// import. The standard library is free, but for what is unwanted below.
func rules() map[string][]string {
	host := []string{"backends/driver", "backends/driver/changeset", "backends/driver/memo", "backends/rest", "backends/rest/graphql",
		"backends/cmserr", "backends/content", "backends/rest/lfs", "backends/sha1", "backends/sha256", "backends/gitid", "backends/rfc3339", gjson}
	backend := []string{"backends/driver", "backends/cms", "backends/cmserr", "backends/content", "backends/blobstore", "backends/sha256", "backends/rfc3339"}
	may := map[string][]string{
		"backends":                  backend,
		"backends/cmserr":           {},
		"backends/cms":              {"backends/cmserr", "backends/content"},
		"backends/content":          {"backends/sha256"},
		"backends/driver":           {"backends/cmserr", "backends/content"},
		"backends/driver/changeset": {"backends/driver", "backends/cmserr", "backends/sha256"},
		"backends/driver/memo":      {"backends/driver", "backends/cmserr"},
		"backends/sha256":           {},
		"backends/gitid":            {"backends/sha1", "backends/sha256"},
		"backends/sha1":             {},
		"backends/blobstore":        {},
		"backends/rest":             {"backends/cmserr", "backends/content", gjson},
		"backends/rest/lfs":         {"backends/rest", "backends/driver", "backends/cmserr", "backends/content", gjson},
		"backends/rest/graphql":     {"backends/rest", "backends/cmserr", gjson},
		"backends/rest/nethttp":     {"backends/rest", "backends/cmserr"},
		"backends/rest/resttest":    {"backends/rest", "backends/cmserr", "backends/fakehost/recorded", gjson},
		"backends/drivertest":       append([]string{"backends"}, backend...),
		"backends/testrepo/forge":   {"backends/driver", "backends/cmserr", "backends/content", "backends/testrepo"},
		"backends/proxy":            {"backends/cms", "backends/rest", "backends/cmserr", "backends/content", gjson},
		"wasm/bridge":               {"backends/rest", "backends/cmserr", "backends/content", "backends/sha256", safejs},
		"wasm/jsfetch":              {"wasm/bridge", "backends/rest", "backends/cmserr", "backends/content", safejs},
		"wasm/jsbackend": {"wasm/bridge", "backends", "backends/cms", "backends/cmserr", "backends/blobstore",
			"backends/content", safejs},
	}
	for _, h := range gitHosts {
		may[h] = host
	}
	may["backends/drivertest/fakesite"] = append([]string{"backends", "backends/drivertest", "backends/fakehost", "backends/rest",
		"backends/rest/nethttp", "backends/rest/resttest", gogit + "filemode", gogit + "object"}, backend...)
	may["backends/gitgateway"] = append(slices.Clone(host), gitHosts...) // another door to them
	return may
}

// list runs go list for js/wasm, or for the machine that tests.
func list(t *testing.T, wasm bool, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Env = os.Environ()
	if wasm {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, stderr.String())
	}
	return strings.Fields(string(out))
}

// hasGo says whether a directory of the module has Go files.
func hasGo(dir string) bool {
	files, _ := filepath.Glob(filepath.Join("..", filepath.FromSlash(dir), "*.go"))
	return slices.ContainsFunc(files, func(f string) bool { return !strings.HasSuffix(f, "_test.go") })
}

func isStd(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first+"/" != module
}

func TestArch_Imports(t *testing.T) {
	t.Parallel()
	for pkg, allowed := range rules() {
		if !hasGo(pkg) {
			continue
		}
		wasm := strings.HasPrefix(pkg, "wasm/")
		for _, path := range list(t, wasm, "-f", `{{join .Imports "\n"}}`, module+pkg) {
			if !isStd(path) && !slices.Contains(allowed, strings.TrimPrefix(path, module)) {
				t.Errorf("%s imports %s", pkg, path)
			}
		}
	}
}

func TestArch_NoHostBelowBackends(t *testing.T) {
	t.Parallel()
	for _, path := range list(t, false, "-deps", module+"backends") {
		if slices.Contains(gitHosts, strings.TrimPrefix(path, module)) || path == module+"backends/proxy" {
			t.Errorf("package backends reaches the host %s", path)
		}
	}
}

func TestArch_PortableStaysSmall(t *testing.T) {
	t.Parallel()
	unwanted := []string{"net/http", "encoding/json", "regexp", "log", "net", "syscall/js"}
	for _, pkg := range append([]string{"backends", "backends/rest", "backends/proxy"}, gitHosts...) {
		if !hasGo(pkg) {
			continue
		}
		for _, path := range list(t, false, "-deps", module+pkg) {
			if slices.Contains(unwanted, path) {
				t.Errorf("%s reaches %s", pkg, path)
			}
		}
	}
	for _, pkg := range []string{"backends", "backends/rest"} {
		for _, path := range list(t, false, "-f", `{{join .Imports "\n"}}`, module+pkg) {
			if slices.Contains([]string{"fmt", "reflect", "bytes", "bufio", "net/url"}, path) {
				t.Errorf("package %s imports %s", pkg, path)
			}
		}
	}
}

func TestArch_BrowserStaysSmall(t *testing.T) {
	t.Parallel()
	unwanted := []string{"net/http", "encoding/json", "regexp", "log", "net", "fmt", "os", "crypto/sha1", "crypto/sha256"}
	for _, path := range list(t, true, "-deps", module+"wasm/modules/...") {
		if slices.Contains(unwanted, path) {
			t.Errorf("a browser module reaches %s", path)
		}
	}
}

// A fake and its client must not share one misreading.
func TestArch_FakesKnowNoClient(t *testing.T) {
	t.Parallel()
	const fakes = module + "backends/fakehost"
	for _, path := range list(t, false, "-f", `{{join .Imports "\n"}}`, fakes+"/...") {
		if strings.HasPrefix(path, module) && path != fakes && !strings.HasPrefix(path, fakes+"/") {
			t.Errorf("a package of fakehost imports %s", path)
		}
	}
}

func TestArch_OnlyNethttpImportsNetHTTP(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "backends")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		rel := filepath.ToSlash(path)
		if err != nil || d.IsDir() || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") ||
			strings.Contains(rel, "rest/nethttp/") || strings.Contains(rel, "backends/fakehost/") {
			return err
		}
		src, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(src), "\"net/http\"\n") {
			t.Errorf("%s imports net/http", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
