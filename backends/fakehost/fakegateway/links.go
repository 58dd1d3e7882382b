package fakegateway

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
)

var link = regexp.MustCompile(`^\s*<(.*?)>\s*;[^;]*rel="(.*?)"[^;]*$`)

// rewriteLinks takes the repository's address from GitLab's links: what is left
// is a path in the repository, which is none of the gateway's. GitHub's links
// stay as they are.
func rewriteLinks(header, root string) string {
	entries := strings.Split(header, ",")
	for i, entry := range entries {
		if m := link.FindStringSubmatch(entry); m != nil {
			entries[i] = "<" + strings.TrimPrefix(m[1], root) + `>; rel="` + m[2] + `"`
		}
	}
	return strings.Join(entries, ",")
}

// rewriteBody takes the repository's address from the links of Bitbucket's lists.
// It does so to all that is called JSON, files too, as the real gateway: an
// object is decoded and encoded anew, anything else is lost, and leaves an empty
// body.
func (s *Server) rewriteBody(res *http.Response) error {
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	res.Header.Del("Content-Length")
	res.Body = http.NoBody
	var body map[string]any
	if json.Unmarshal(text, &body) != nil {
		return nil
	}
	for _, name := range []string{"next", "previous"} {
		if address, is := body[name].(string); is {
			body[name] = strings.TrimPrefix(address, s.root())
		}
	}
	if text, err = json.Marshal(body); err != nil {
		return err
	}
	res.Body = io.NopCloser(bytes.NewReader(text))
	return nil
}
