package rest

import (
	"context"
	"sync"

	"github.com/tidwall/gjson"
)

// Each reads a list of many pages to its end, element by element.
func (a *API) Each(ctx context.Context, path string, do func(gjson.Result) error, options ...Option) error {
	for page, err := range a.Pages(ctx, path, options...) {
		if err != nil {
			return err
		}
		if !page.IsArray() {
			return Misshapen(Origin(a.Root), "list")
		}
		for _, item := range page.Array() {
			if err := do(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// Together does n things at once and waits for all of them; the Governor limits how
// many requests that are. The first error ends the others and is the answer.
func Together(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := do(ctx, i); err != nil {
				cancel(err) // what the others say is its echo
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
