package bitbucket_test

import (
	"context"
	"testing"

	"mooring/backends/cmserr"
)

func TestUser_WithAPIToken(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	s.Host.AddToken("octo", "ATATT-octo", "read:user:bitbucket", "read:repository:bitbucket")
	user, err := s.signedIn("octo@example.com:ATATT-octo").User(context.Background())
	if err != nil || user.Name != "Octo Cat" {
		t.Errorf("%+v, %v", user, err)
	}
	_, err = s.signedIn("somebody@example.com:ATATT-octo").User(context.Background())
	if !cmserr.Is(err, cmserr.Unauthenticated) {
		t.Errorf("with an address of somebody else: %v", err)
	}
}
