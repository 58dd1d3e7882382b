//go:build js && wasm

package jsbackend

import (
	"context"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/wasm/bridge"
)

func authenticate(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	return signIn(ctx, d, b.Authenticate)
}

func restoreUser(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	return signIn(ctx, d, b.Restore)
}

func signIn(ctx context.Context, d *bridge.Decoder,
	with func(context.Context, cms.Credentials) (cms.User, error)) (*bridge.Result, error) {
	c := cms.Credentials{
		Token: d.OptString("token"), RefreshToken: d.OptString("refresh_token"),
		Fork: d.OptBool("fork"),
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	user, err := with(ctx, c)
	if err != nil {
		return nil, err
	}
	return object(func(j *bridge.JSON) {
		j.Field("login").String(user.Login)
		j.Field("name").String(user.Name)
		j.FieldIf("email", user.Email)
		j.FieldIf("avatar_url", user.AvatarURL)
		j.FieldIf("fork", user.Fork)
	}), nil
}

func logout(ctx context.Context, b *backends.Backend, _ *bridge.Decoder) (*bridge.Result, error) {
	return nil, b.Logout(ctx)
}

func getToken(ctx context.Context, b *backends.Backend, _ *bridge.Decoder) (*bridge.Result, error) {
	token, err := b.Token(ctx)
	if err != nil {
		return nil, err
	}
	return &bridge.Result{Texts: []string{token}}, nil
}

func status(ctx context.Context, b *backends.Backend, _ *bridge.Decoder) (*bridge.Result, error) {
	s, err := b.Status(ctx)
	if err != nil {
		return nil, err
	}
	return object(func(j *bridge.JSON) {
		j.Field("auth").Object(func() { j.Field("status").Bool(s.Auth) })
		j.Field("api").Object(func() {
			j.Field("status").Bool(s.API)
			j.Field("statusPage").String(s.StatusPage)
		})
	}), nil
}
