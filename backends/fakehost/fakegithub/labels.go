package fakegithub

import "mooring/backends/fakehost"

const labelDocs = docsRoot + "/issues/labels#"

// listLabels: https://docs.github.com/rest/issues/labels#list-labels-for-a-repository
func listLabels(c *call) (*answer, error) {
	return paged(c, c.repo.Labels(), func(l fakehost.Label) (obj, error) { return c.labelJSON(l), nil })
}

// getLabel: https://docs.github.com/rest/issues/labels#get-a-label
func getLabel(c *call) (*answer, error) {
	l, found := c.repo.Label(c.params["name"])
	if !found {
		return nil, notFound(labelDocs + "get-a-label")
	}
	return ok(c.labelJSON(l))
}

// createLabel: https://docs.github.com/rest/issues/labels#create-a-label
func createLabel(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct{ Name, Color, Description string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	l, err := c.repo.CreateLabel(fakehost.Label{Name: in.Name, Color: in.Color, Description: in.Description})
	switch fakehost.KindOf(err) {
	case fakehost.Exists:
		return nil, validation("Label", "name", "already_exists", "")
	case fakehost.Invalid:
		return nil, validation("Label", "name", "invalid", "")
	}
	o := c.labelJSON(l)
	return created(o["url"].(string), o)
}

// pullLabels: https://docs.github.com/rest/issues/labels#list-labels-for-an-issue
func pullLabels(c *call) (*answer, error) {
	p, err := c.pull(labelDocs + "list-labels-for-an-issue")
	if err != nil {
		return nil, err
	}
	return paged(c, c.labelsJSON(p.Labels), func(o obj) (obj, error) { return o, nil })
}

// setLabels: https://docs.github.com/rest/issues/labels#set-labels-for-an-issue
func setLabels(c *call) (*answer, error) { return c.editLabels((*fakehost.Repository).SetLabels) }

// addLabels: https://docs.github.com/rest/issues/labels#add-labels-to-an-issue
func addLabels(c *call) (*answer, error) { return c.editLabels((*fakehost.Repository).AddLabels) }

// clearLabels: https://docs.github.com/rest/issues/labels#remove-all-labels-from-an-issue
func clearLabels(c *call) (*answer, error) {
	if _, err := c.editLabels((*fakehost.Repository).SetLabels); err != nil {
		return nil, err
	}
	return noContent()
}

func (c *call) editLabels(edit func(*fakehost.Repository, int, []string) error) (*answer, error) {
	if _, err := c.pull(labelDocs + "set-labels-for-an-issue"); err != nil {
		return nil, err
	}
	if err := c.mayEdit(); err != nil {
		return nil, err
	}
	names, err := c.labelNames()
	if err != nil {
		return nil, err
	}
	if err := edit(c.repo, c.number(), names); err != nil {
		return nil, err
	}
	p, err := c.pull("")
	if err != nil {
		return nil, err
	}
	return ok(c.labelsJSON(p.Labels))
}

// labelNames reads {"labels": […]}, of names or of objects with a name.
func (c *call) labelNames() ([]string, error) {
	var in struct{ Labels []any }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	names := []string{}
	for _, item := range in.Labels {
		switch l := item.(type) {
		case string:
			names = append(names, l)
		case obj:
			name, _ := l["name"].(string)
			names = append(names, name)
		}
	}
	return names, nil
}

// removeLabel: https://docs.github.com/rest/issues/labels#remove-a-label-from-an-issue
func removeLabel(c *call) (*answer, error) {
	p, err := c.pull(labelDocs + "remove-a-label-from-an-issue")
	if err != nil {
		return nil, err
	}
	if err := c.mayEdit(); err != nil {
		return nil, err
	}
	if err := c.repo.RemoveLabels(p.Number, []string{c.params["name"]}); err != nil {
		return nil, &apiError{status: 404, message: "Label does not exist", docs: labelDocs + "remove-a-label-from-an-issue"}
	}
	return pullLabels(c)
}
