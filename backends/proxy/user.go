package proxy

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

// Authenticate asks the server who it is; a proxy server knows no credentials. It
// is Unsupported when the workflow is wanted and the server has none.
func (c *Client) Authenticate(ctx context.Context, _ cms.Credentials) (cms.User, error) {
	err := c.do(ctx, "authenticate", "", func() error { return c.checkServer(ctx) })
	if err != nil {
		return cms.User{}, err
	}
	return cms.User{Login: "local", Name: "Local user"}, nil
}

// Restore is Authenticate: a session is nothing but a server that answers.
func (c *Client) Restore(ctx context.Context, creds cms.Credentials) (cms.User, error) {
	return c.Authenticate(ctx, creds)
}

// Logout forgets the listings and what the editor had open.
func (c *Client) Logout(ctx context.Context) error {
	return c.do(ctx, "logout", "", func() error {
		clear(c.listings)
		clear(c.notes)
		return nil
	})
}

// Status tells whether the server answers as a proxy server does. It fails only
// when ctx ends.
func (c *Client) Status(ctx context.Context) (cms.Status, error) {
	err := c.do(ctx, "status", "", func() error {
		_, err := c.info(ctx)
		return err
	})
	if cmserr.Is(err, cmserr.Canceled) {
		return cms.Status{}, err
	}
	return cms.Status{Auth: true, API: err == nil}, nil
}

func (c *Client) checkServer(ctx context.Context) error {
	info, err := c.info(ctx)
	if err != nil {
		return err
	}
	if c.o.UseWorkflow && !info.workflow {
		return cmserr.New(cmserr.Unsupported, noWorkflow(c.origin()))
	}
	return nil
}

func (c *Client) info(ctx context.Context) (serverInfo, error) {
	answer, err := c.call(ctx, actInfo, nil)
	if err != nil {
		return serverInfo{}, err
	}
	info, ok := decodeInfo(answer)
	if !ok {
		return serverInfo{}, c.misshapen(actInfo)
	}
	return info, nil
}

// serverInfo is what the server says of itself.
type serverInfo struct{ workflow bool }

func decodeInfo(answer gjson.Result) (info serverInfo, ok bool) {
	modes := answer.Get("publish_modes")
	if answer.Get("repo").Type != gjson.String || answer.Get("type").Type != gjson.String || !modes.IsArray() {
		return info, false
	}
	modes.ForEach(func(_, mode gjson.Result) bool {
		info.workflow = info.workflow || mode.String() == "editorial_workflow"
		return true
	})
	return info, true
}
