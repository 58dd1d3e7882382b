package backends

import (
	"context"
	"strings"

	"mooring/backends/cms"
	"mooring/backends/driver"
)

// DeployPreview implements cms.Workflow.
func (w *workflowRepository) DeployPreview(ctx context.Context, key cms.Key) (*cms.Preview, error) {
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return nil, err
	}
	reader, ok := w.d.(driver.StatusReader)
	if !ok {
		return nil, nil
	}
	checks, err := reader.Statuses(ctx, d.pull.HeadCommit)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		if c.URL == "" || !w.isPreview(c.Context) {
			continue
		}
		if c.State == "success" {
			return &cms.Preview{URL: c.URL, Status: "success"}, nil
		}
		return &cms.Preview{URL: c.URL, Status: "other"}, nil
	}
	return nil, nil
}

func (w *workflowRepository) isPreview(context string) bool {
	if w.cfg.PreviewContext != "" {
		return context == w.cfg.PreviewContext
	}
	return strings.Contains(context, "deploy")
}
