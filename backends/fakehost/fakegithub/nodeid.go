package fakegithub

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// nodeID is the GraphQL id of an object, which REST answers carry as node_id:
// the base64 of 0, the length of the type's name, a colon, the name and a key,
// as the recorded answers have it. Keys: User, Repository, PullRequest, Label
// and Deployment have a number; Commit, Tree and Blob the repository's number,
// a colon and the object id; Ref the repository's number, a colon and the
// reference's name (see refID).
func nodeID(kind string, keys ...any) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = fmt.Sprint(k)
	}
	text := fmt.Sprintf("0%d:%s%s", len(kind), kind, strings.Join(parts, ":"))
	return base64.StdEncoding.EncodeToString([]byte(text))
}

var nodeIDText = regexp.MustCompile(`(?s)^0(\d+):(.+)$`)

// parseNodeID takes a nodeID apart. rest is "" for a type whose key is a
// number alone.
func parseNodeID(id string) (kind string, number int64, rest string, ok bool) {
	text, err := base64.StdEncoding.DecodeString(id)
	if err != nil {
		return "", 0, "", false
	}
	m := nodeIDText.FindStringSubmatch(string(text))
	if m == nil {
		return "", 0, "", false
	}
	size, err := strconv.Atoi(m[1])
	if err != nil || size > len(m[2]) {
		return "", 0, "", false
	}
	key, rest, _ := strings.Cut(m[2][size:], ":")
	number, err = strconv.ParseInt(key, 10, 64)
	return m[2][:size], number, rest, err == nil
}
