package fakegitea

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/openapi"
)

// descriptionFile is the API description that requests are checked against,
// from the directory that holds the module's own.
const descriptionFile = "shared/specs/gitea-1.26.3-swagger.json"

// Open makes a Server that checks each request against Gitea's API description,
// if that is beside the module that the working directory is in.
func Open(h *fakehost.Host, o Options) (*Server, error) {
	s := New(h, o)
	file, err := besideModule(descriptionFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	description, err := readDescription(file)
	if err != nil {
		return nil, err
	}
	s.CheckRequest = func(r *http.Request, body []byte) error {
		if s.undescribed(r.URL.Path) {
			return nil
		}
		return description.Check(r, r.URL.EscapedPath(), body)
	}
	return s, nil
}

// undescribed says whether a path's requests can't be checked: those of Forgejo that
// Gitea does not have so, and those with a parameter that ends within a segment.
func (s *Server) undescribed(path string) bool {
	return s.offers.blobsByID && strings.HasSuffix(path, "/git/blobs") ||
		s.offers.forgejo && strings.HasSuffix(path, "/diffpatch") || strings.HasSuffix(path, ".diff")
}

// descriptions are the API descriptions that were read, by file: reading one
// takes long, and nothing changes it.
var descriptions sync.Map

func readDescription(file string) (*openapi.Description, error) {
	read, _ := descriptions.LoadOrStore(file, sync.OnceValues(func() (*openapi.Description, error) {
		return openapi.LoadSwagger(file, correct)
	}))
	return read.(func() (*openapi.Description, error))()
}

// besideModule finds a file beside the nearest directory with a go.mod, upwards
// from the working directory.
func besideModule(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the working directory: run this inside the module")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(filepath.Dir(dir), filepath.FromSlash(name))
	_, err = os.Stat(file)
	return file, err
}

// correct gives the fields of a merge the names that all versions take. Those
// that the description has are new in 1.26.
func correct(definitions map[string]map[string]any) {
	merge := definitions["MergePullRequestOption"]
	properties, _ := merge["properties"].(map[string]any)
	for wrong, right := range map[string]string{"do": "Do", "merge_title_field": "MergeTitleField",
		"merge_message_field": "MergeMessageField"} {
		if p, has := properties[wrong]; has {
			properties[right] = p
			delete(properties, wrong)
		}
	}
	merge["required"] = []any{"Do"}
}
