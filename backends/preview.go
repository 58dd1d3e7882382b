package backends

import (
	"context"
	"strings"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// DeployPreview implements cms.Workflow.
func (w *workflowRepository) DeployPreview(ctx context.Context, key cms.Key) (*cms.Preview, error) {
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return nil, err
	}
	if reader, ok := w.d.(driver.StatusReader); ok {
		checks, err := reader.Statuses(ctx, d.pull.HeadCommit)
		if err != nil {
			return nil, err
		}
		for _, c := range checks {
			if c.URL != "" && w.isPreview(c.Context) {
				return preview(c), nil
			}
		}
	}
	previewer, ok := w.d.(driver.Previewer)
	if !ok {
		return nil, nil
	}
	c, err := previewer.Preview(ctx, d.pull.HeadCommit)
	switch {
	case cmserr.Is(err, cmserr.Canceled):
		return nil, err
	case err != nil || c.URL == "": // it is a second choice: without it there is no preview yet
		return nil, nil
	}
	return preview(c), nil
}

func preview(c driver.StatusCheck) *cms.Preview {
	if c.State == "success" {
		return &cms.Preview{URL: c.URL, Status: "success"}
	}
	return &cms.Preview{URL: c.URL, Status: "other"}
}

func (w *workflowRepository) isPreview(context string) bool {
	if w.cfg.PreviewContext != "" {
		return context == w.cfg.PreviewContext
	}
	return strings.Contains(context, "deploy")
}
