package proxy

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// The actions of the protocol, in the servers' words.
const (
	actInfo           = "info"
	actByFolder       = "entriesByFolder"
	actByFiles        = "entriesByFiles"
	actEntry          = "getEntry"
	actDrafts         = "unpublishedEntries"
	actDraft          = "unpublishedEntry"
	actDraftData      = "unpublishedEntryDataFile"
	actDraftMedia     = "unpublishedEntryMediaFile"
	actDeleteDraft    = "deleteUnpublishedEntry"
	actPersist        = "persistEntry"
	actSetStatus      = "updateUnpublishedEntryStatus"
	actPublish        = "publishUnpublishedEntry"
	actMedia          = "getMedia"
	actMediaFile      = "getMediaFile"
	actPersistMedia   = "persistMedia"
	actDeleteFile     = "deleteFile"
	actDeleteFiles    = "deleteFiles"
	actDeployPreview  = "getDeployPreview"
	maxAnswerExcerpt  = 200 // bytes of a server's sentence that go into an error
	contentTypeOfCall = "application/json; charset=utf-8"
)

// writes says whether an action changes the repository.
func writes(action string) bool {
	switch action {
	case actPersist, actPersistMedia, actDeleteFile, actDeleteFiles,
		actSetStatus, actPublish, actDeleteDraft:
		return true
	}
	return false
}

// call sends one action about the configured branch. params writes what the
// action wants besides the branch; nil is nothing.
func (c *Client) call(ctx context.Context, action string, params func(*rest.JSON)) (gjson.Result, error) {
	return c.callOn(ctx, c.o.Branch, action, params)
}

// callOn is call about another branch: a draft's. The answer is whole, valid
// JSON of a 2xx answer; its shape is for the caller to check.
func (c *Client) callOn(ctx context.Context, branch, action string, params func(*rest.JSON)) (gjson.Result, error) {
	var j rest.JSON
	j.Object().Field("branch", branch).Field("action", action)
	j.Key("params").Object().Field("branch", branch)
	if params != nil {
		params(&j)
	}
	j.EndObject().EndObject()
	answer, err := c.doer.Do(ctx, &rest.Request{
		Method: "POST", URL: c.o.URL, Body: j.Bytes(),
		Header: rest.Header{"content-type": contentTypeOfCall},
	})
	if err != nil {
		return gjson.Result{}, c.unanswered(action, err)
	}
	if !answer.OK() {
		return gjson.Result{}, c.refused(action, answer)
	}
	if !gjson.ValidBytes(answer.Body) {
		return gjson.Result{}, c.garbled(action, answer)
	}
	return gjson.ParseBytes(answer.Body), nil
}

// done sends a write that is answered by {"message": …}.
func (c *Client) done(ctx context.Context, branch, action string, params func(*rest.JSON)) error {
	answer, err := c.callOn(ctx, branch, action, params)
	if err != nil {
		return err
	}
	if answer.Get("message").Type != gjson.String {
		return c.misshapen(action)
	}
	return nil
}

// misshapen is valid JSON that is not what the protocol promises.
func (c *Client) misshapen(action string) error {
	return cmserr.New(cmserr.Unknown, "The server at "+c.origin()+" gave "+action+
		" an answer that the proxy protocol does not know."+c.doubt(action)+
		" Update @staticcms/proxy-server or decap-server, and check backend.proxy_url.")
}
