package fakegitea

import (
	"fmt"
	"strconv"
	"strings"
)

// offers is what a version has that older ones, or the other of the two, lack.
type offers struct {
	pullsByBase      bool // base_branch of GET pulls
	contentDates     bool // last_committer_date and last_author_date
	fileContents     bool // GET and POST file-contents
	contentsExt      bool // GET contents-ext
	renames          bool // operations rename and upload
	lfsMeta          bool // lfs_oid and lfs_size
	moveBranch       bool // PUT branches/{branch}
	renameBranch     bool // PATCH branches/{branch}
	forcePush        bool // force_push of POST contents
	slashStatus      bool // commits/{ref}/status where the ref has slashes
	nullBlobs        bool // a blob that is too large has null as its content, not ""
	exactPages       bool // truncated is false on a tree's last page
	exactRefs        bool // ?ref= is a branch, a tag or a full commit id, nothing else
	missing404       bool // changing a path that isn't there is 404, not 500
	lostRace403      bool // the loser of two commits at once gets 403, not 500
	fields126        bool // content_version, branch_count, has_code; merge_title_field beside MergeTitleField
	deletesByDefault bool // merging heeds the repository's default for deleting the branch

	forgejo   bool // api/forgejo/v1
	blobsByID bool // git/blobs?shas=…
	needsSHA  bool // updating and deleting without sha is refused
}

const (
	newestGitea   = "1.26.0"
	newestForgejo = "14.0.0"
	// compatible is the Gitea that Forgejo says it is, since version 8 the last
	// common one.
	compatible = "1.22.0"
)

// version is what the server calls itself.
func (s *Server) version() string {
	switch {
	case !s.options.Forgejo && s.options.Version == "":
		return newestGitea
	case !s.options.Forgejo:
		return s.options.Version
	case s.options.Version == "":
		return newestForgejo + "+gitea-" + compatible
	}
	return s.options.Version + "+gitea-" + compatible
}

// offersOf says since when there is what: for Gitea from its CHANGELOG.md and
// routers/api/v1/api.go of each version.
func offersOf(o Options) offers {
	if o.Forgejo {
		return forgejoOffers(o.Version)
	}
	if o.Version == "" {
		o.Version = newestGitea
	}
	since := func(major, minor int) bool { return atLeast(o.Version, major, minor) }
	return offers{
		renameBranch:     since(1, 23), // #32433
		pullsByBase:      since(1, 24),
		contentDates:     since(1, 24), // #32921
		nullBlobs:        since(1, 24),
		exactPages:       since(1, 25),
		exactRefs:        since(1, 25),
		missing404:       since(1, 25),
		deletesByDefault: since(1, 25),
		lostRace403:      since(1, 26),
		fileContents:     since(1, 24), // #34139
		contentsExt:      since(1, 25), // #34822
		renames:          since(1, 25),
		lfsMeta:          since(1, 25),
		moveBranch:       since(1, 26),
		fields126:        since(1, 26),
		forcePush:        since(1, 26),
		slashStatus:      since(1, 26),
	}
}

// atLeast compares the first two numbers of a version.
func atLeast(version string, major, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	var n [2]int
	for i := range n {
		if i >= len(parts) {
			break
		}
		var err error
		if n[i], err = strconv.Atoi(parts[i]); err != nil {
			panic(fmt.Sprintf("fakegitea: %q is not a version", version))
		}
	}
	return n[0] > major || n[0] == major && n[1] >= minor
}

// forgejoOffers follows Forgejo's routers/api/v1/api.go at the tags v9.0.0,
// v10.0.0, v11.0.0 and its release notes.
func forgejoOffers(version string) offers {
	if version == "" {
		version = newestForgejo
	}
	since := func(major int) bool { return atLeast(version, major, 0) }
	return offers{
		forgejo:      true,
		renameBranch: since(10),
		blobsByID:    since(12),
		needsSHA:     since(12), // pull request 8139
	}
}
