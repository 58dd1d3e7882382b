//go:build js && wasm

package main

import (
	"context"
	"os"
	"time"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
)

// service fails on demand, and shows what arrived of what JavaScript asked for.
type service struct {
	cms.Service
	cms.Workflow
	env backends.Env
}

func open(_ backends.Config, env backends.Env) (cms.Service, error) {
	return service{env: env}, nil
}

func openKept(c backends.Config, _ backends.Env) (driver.Driver, error) {
	files := map[string][]byte{"posts/a.md": []byte("text")}
	return testrepo.Open(testrepo.Options{Branch: c.Branch, Files: files}), nil
}

// Authenticate knows two tokens: "writer", also with an e-mail address, and "reader", who
// needs a fork.
func (service) Authenticate(_ context.Context, c cms.Credentials) (cms.User, error) {
	switch {
	case c.Token == "writer" || c.Token == "ann@example.com:writer":
		return cms.User{Login: "ann"}, nil
	case c.Token == "reader" && c.Fork:
		return cms.User{Login: "bob", Fork: "bob/site"}, nil
	case c.Token == "reader":
		return cms.User{}, cmserr.New(cmserr.ForkNeeded, "You may not write to ann/site, but to a fork of it.")
	}
	return cms.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody has this token.")
}

// Restore takes every token but those of Authenticate, which it knows better.
func (s service) Restore(ctx context.Context, c cms.Credentials) (cms.User, error) {
	if c.Token == "writer" || c.Token == "reader" {
		return s.Authenticate(ctx, c)
	}
	return cms.User{}, nil
}

func (service) Status(context.Context) (cms.Status, error) { return cms.Status{API: true}, nil }

// Entry does what its path says.
func (s service) Entry(ctx context.Context, path string) (cms.Entry, error) {
	switch path {
	case "panic":
		panic("on demand")
	case "exit":
		os.Exit(3)
	case "crash":
		go panic("outside of any call")
		<-ctx.Done()
	case "hang":
		<-ctx.Done()
	case "wait":
		s.env.Wait(backends.Waiting{Reason: "Too many requests.", Until: time.Now().Add(time.Hour)})
	case "go on":
		s.env.Wait(backends.Waiting{})
	}
	return cms.Entry{File: cms.File{Path: path}, Data: path}, nil
}

func (service) EntriesByFolder(_ context.Context, q cms.FolderQuery) (cms.Page, error) {
	file := cms.File{Path: q.Folder + "/a.md", Metadata: q.Metadata}
	return cms.Page{Entries: []cms.Entry{{File: withMetadata(file)}}, Total: 1}, nil
}

func (service) EntriesByFiles(_ context.Context, files []cms.File) ([]cms.Entry, error) {
	entries := make([]cms.Entry, len(files))
	for i, file := range files {
		entries[i] = cms.Entry{File: withMetadata(file)}
	}
	return entries, nil
}

// withMetadata knows the file's author and date if they were asked for.
func withMetadata(file cms.File) cms.File {
	if file.Metadata {
		file.Author, file.UpdatedOn = "Ann", "2030-01-02T03:04:05Z"
	}
	return file
}

func (service) Draft(_ context.Context, key cms.Key) (cms.Draft, error) {
	return cms.Draft{Key: key, Status: cms.StatusDraft, Author: "bob", OpenAuthoring: key.Slug == "of-a-fork"}, nil
}
