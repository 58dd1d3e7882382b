package fakegitea

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

func (c *call) labelJSON(l fakehost.Label) obj {
	return obj{"id": l.ID, "name": l.Name, "exclusive": false, "is_archived": false, "color": l.Color,
		"description": l.Description, "url": c.labelAPI(l)}
}

// labelAPI is the address of a label of the repository or of an organisation.
func (c *call) labelAPI(l fakehost.Label) string {
	if c.repo != nil && slices.ContainsFunc(c.repo.Labels(), func(own fakehost.Label) bool { return own.ID == l.ID }) {
		return c.repoAPI("labels", digits(l.ID))
	}
	return c.web("api/v1/orgs", cmp.Or(c.params["org"], c.params["owner"]), "labels", digits(l.ID))
}

// labelsJSON are a pull request's labels, by name.
func (c *call) labelsJSON(p fakehost.PullRequest) []obj {
	list := []obj{}
	for _, l := range byName(c.usableLabels()) {
		if slices.Contains(p.LabelIDs, l.ID) {
			list = append(list, c.labelJSON(l))
		}
	}
	return list
}

// usableLabels are the repository's and, if it belongs to an organisation, the
// organisation's.
func (c *call) usableLabels() []fakehost.Label {
	return append(c.repo.Labels(), c.host.GroupLabels(c.repo.Info().Owner)...)
}

// byName puts labels in the order in which they are listed.
func byName(labels []fakehost.Label) []fakehost.Label {
	slices.SortStableFunc(labels, func(a, b fakehost.Label) int { return strings.Compare(a.Name, b.Name) })
	return labels
}

// listLabels: GET …/labels. It is paged, but has no Link.
func listLabels(c *call) (*answer, error) {
	return c.labelPage(c.repo.Labels())
}

// listOrgLabels: GET /orgs/{org}/labels
func listOrgLabels(c *call) (*answer, error) {
	u, found := c.host.User(c.params["org"])
	if !found || !u.Organization {
		return nil, notFoundAs("GetOrgByName", "user redirect does not exist [name: "+c.params["org"]+"]")
	}
	return c.labelPage(c.host.GroupLabels(u.Login))
}

func (c *call) labelPage(labels []fakehost.Label) (*answer, error) {
	a, err := paged(c, byName(labels), func(l fakehost.Label) (obj, error) { return c.labelJSON(l), nil })
	if err != nil {
		return nil, err
	}
	delete(a.header, "Link")
	a.exposed = slices.DeleteFunc(a.exposed, func(name string) bool { return name == "Link" })
	return a, nil
}

// getLabel: GET …/labels/{id}
func getLabel(c *call) (*answer, error) {
	for _, l := range c.repo.Labels() {
		if digits(l.ID) == c.params["id"] {
			return ok(c.labelJSON(l))
		}
	}
	return nil, notFound()
}

var color = regexp.MustCompile(`^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// createLabel: POST …/labels. There may be several of a name.
func createLabel(c *call) (*answer, error) {
	var in struct{ Name, Color, Description string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := cmp.Or(required("Name", in.Name), required("Color", in.Color)); err != nil {
		return nil, err
	}
	if !color.MatchString(in.Color) {
		return nil, invalid("invalid color: #" + strings.TrimPrefix(in.Color, "#"))
	}
	hex := strings.ToLower(strings.TrimPrefix(in.Color, "#"))
	if len(hex) == 3 {
		hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
	}
	l, err := c.repo.CreateLabel(fakehost.Label{Name: in.Name, Color: hex, Description: in.Description})
	if err != nil {
		return nil, internal()
	}
	return created(c.labelJSON(l))
}

// pullLabels: GET …/issues/{index}/labels
func pullLabels(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return ok(c.labelsJSON(p))
}

// replaceLabels: PUT …/issues/{index}/labels
func replaceLabels(c *call) (*answer, error) {
	return c.editLabels(func(_, asked []int64) []int64 { return asked })
}

// addLabels: POST …/issues/{index}/labels
func addLabels(c *call) (*answer, error) {
	return c.editLabels(func(old, asked []int64) []int64 { return append(old, asked...) })
}

func (c *call) editLabels(edit func(old, asked []int64) []int64) (*answer, error) {
	p, err := c.labelledPull("write permission is required")
	if err != nil {
		return nil, err
	}
	var in struct{ Labels []any }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	asked, err := c.labelIDs(in.Labels)
	if err != nil {
		return nil, err
	}
	if err := c.repo.SetLabelIDs(p.Number, edit(p.LabelIDs, asked)); err != nil {
		return nil, err
	}
	p, _ = c.repo.Pull(p.Number)
	return ok(c.labelsJSON(p))
}

// labelledPull is the pull request of a path of issues, if the caller may
// change its labels.
func (c *call) labelledPull(refusal string) (fakehost.PullRequest, error) {
	p, err := c.pull()
	switch {
	case err != nil:
		return p, err
	case c.permission() < fakehost.Write && refusal != "":
		return p, forbidden(refusal)
	case c.permission() < fakehost.Write:
		return p, &apiError{status: http.StatusForbidden, form: noBody}
	}
	return p, nil
}

// labelIDs reads a list of names or of ids. Labels that don't exist are left
// out; of a name that several have all are meant (prepareForReplaceOrAdd in
// routers/api/v1/repo/issue_label.go).
func (c *call) labelIDs(list []any) ([]int64, error) {
	var ids []int64
	names := 0
	for _, item := range list {
		switch label := item.(type) {
		case float64:
			ids = append(ids, int64(label))
		case string:
			names++
			for _, l := range c.usableLabels() {
				if l.Name == label {
					ids = append(ids, l.ID)
				}
			}
		default:
			return nil, badRequest("a label must be an integer or a string")
		}
	}
	if names > 0 && names < len(list) {
		return nil, badRequest("labels should be an array of strings or integers")
	}
	return ids, nil
}

// clearLabels: DELETE …/issues/{index}/labels
func clearLabels(c *call) (*answer, error) {
	p, err := c.labelledPull("")
	if err != nil {
		return nil, err
	}
	if err := c.repo.SetLabelIDs(p.Number, nil); err != nil {
		return nil, err
	}
	return noContent()
}

// removeLabel: DELETE …/issues/{index}/labels/{id}. Only a label that doesn't
// exist at all is an error.
func removeLabel(c *call) (*answer, error) {
	p, err := c.labelledPull("")
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(c.params["id"], 10, 64) // a name is 0, which no label has
	if !slices.ContainsFunc(c.usableLabels(), func(l fakehost.Label) bool { return l.ID == id }) {
		return nil, invalid("label does not exist [label_id: 0]")
	}
	rest := slices.DeleteFunc(p.LabelIDs, func(other int64) bool { return other == id })
	if err := c.repo.SetLabelIDs(p.Number, rest); err != nil {
		return nil, err
	}
	return noContent()
}
