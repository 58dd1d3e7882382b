package fakegitlab

import (
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// labelColor is the host's for a label that is made by being used.
const labelColor = "6699cc"

func labelJSON(l fakehost.Label) obj {
	return obj{"id": l.ID, "name": l.Name, "description": orNull(l.Description), "description_html": l.Description, "text_color": "#FFFFFF",
		"color": "#" + l.Color, "subscribed": false, "priority": nil, "is_project_label": true, "archived": false}
}

// listLabels: https://docs.gitlab.com/api/labels/#list-labels
func listLabels(c *call) (*answer, error) {
	search := strings.ToLower(c.params.text("search"))
	list := slices.DeleteFunc(c.repo.Labels(), func(l fakehost.Label) bool { return !strings.Contains(strings.ToLower(l.Name), search) })
	slices.SortFunc(list, func(a, b fakehost.Label) int { return strings.Compare(a.Name, b.Name) })
	return paged(c, list, withTotals, nil, func(l fakehost.Label) (obj, error) { return labelJSON(l), nil })
}

// createLabel: https://docs.gitlab.com/api/labels/#create-a-new-label
func createLabel(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	if err := c.params.require("name", "color"); err != nil {
		return nil, err
	}
	name := c.params.text("name")
	if strings.ContainsAny(name, ",?") || strings.TrimSpace(name) == "" {
		return nil, &apiError{status: http.StatusBadRequest, message: obj{"title": []string{"is invalid"}}}
	}
	l, err := c.repo.CreateLabel(fakehost.Label{Name: name, Color: strings.TrimPrefix(c.params.text("color"), "#"),
		Description: c.params.text("description")})
	if fakehost.KindOf(err) == fakehost.Exists {
		return nil, refused(http.StatusConflict, "Label already exists")
	}
	if err != nil {
		return nil, err
	}
	return created(labelJSON(l))
}

// getLabel: https://docs.gitlab.com/api/labels/#get-a-single-project-label
func getLabel(c *call) (*answer, error) {
	name := c.path["label"]
	for _, l := range c.repo.Labels() {
		if l.Name == name || digits(l.ID) == name {
			return ok(labelJSON(l))
		}
	}
	return nil, notFound("Label")
}

// makeLabels makes the labels that a merge request is to get and that the
// project doesn't have.
func (c *call) makeLabels(names []string) error {
	for _, name := range names {
		if _, found := c.repo.Label(name); found {
			continue
		}
		if _, err := c.repo.CreateLabel(fakehost.Label{Name: name, Color: labelColor}); err != nil && fakehost.KindOf(err) != fakehost.Exists {
			return err
		}
	}
	return nil
}
