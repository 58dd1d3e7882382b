package fakebitbucket

import (
	"net/http"
	"slices"
	"strconv"

	"mooring/backends/fakehost"
)

// listComments are all, oldest first, deleted ones too
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-get).
func listComments(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return paged(c, p.Comments(), usualListing, func(comment fakehost.Comment) (obj, error) { return c.commentJSON(p, comment), nil })
}

func (c *call) commentJSON(p fakehost.PullRequest, comment fakehost.Comment) obj {
	id, self := digits(comment.ID), c.inRepo("pullrequests", digits(p.Number))
	html := c.web(c.repo.FullName(), "pull-requests", digits(p.Number))
	return obj{
		"type": "pullrequest_comment", "id": comment.ID, "deleted": comment.Deleted, "pending": false, "content": rendered(comment.Text),
		"user": c.userOf(comment.Author), "created_on": timestamp(comment.CreatedAt, comment.ID), "updated_on": timestamp(comment.UpdatedAt, comment.ID),
		"pullrequest": obj{"type": "pullrequest", "id": p.Number, "title": p.Title, "links": obj{"self": href(self), "html": href(html)}},
		"links":       obj{"self": href(self + "/comments/" + id), "html": href(html + "/_/diff#comment-" + id)},
	}
}

// readComment reads a comment's text, of which there must be some.
func (c *call) readComment() (string, error) {
	var in struct{ Content struct{ Raw string } }
	if err := c.decode(&in); err != nil {
		return "", err
	}
	if in.Content.Raw == "" {
		return "", badField("content", "This field is required.")
	}
	return in.Content.Raw, nil
}

// createComment: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-post
func createComment(c *call) (*answer, error) {
	text, err := c.readComment()
	if err != nil {
		return nil, err
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	comment, err := c.repo.AddComment(p.Number, c.user.Login, text)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusCreated, body: c.commentJSON(p, comment),
		header: map[string]string{"Location": c.inRepo("pullrequests", digits(p.Number), "comments", digits(comment.ID))}}, nil
}

// comment finds the comment that the path names.
func (c *call) comment() (fakehost.PullRequest, fakehost.Comment, error) {
	p, err := c.pull()
	if err != nil {
		return p, fakehost.Comment{}, err
	}
	id, _ := strconv.ParseInt(c.path["comment"], 10, 64) // no comment has the number 0
	comments := p.Comments()
	i := slices.IndexFunc(comments, func(comment fakehost.Comment) bool { return comment.ID == id })
	if i < 0 {
		return p, fakehost.Comment{}, notFound("Comment " + c.path["comment"] + " not found")
	}
	return p, comments[i], nil
}

func getComment(c *call) (*answer, error) {
	p, comment, err := c.comment()
	if err != nil {
		return nil, err
	}
	return ok(c.commentJSON(p, comment))
}

// changeComment edits or deletes a comment, which only its author may.
func (c *call) changeComment(text string, deleted bool) (obj, error) {
	p, comment, err := c.comment()
	if err != nil {
		return nil, err
	}
	if comment.Author != c.user.Login {
		return nil, forbidden("You do not have permission to change this comment.")
	}
	comment, err = c.repo.EditComment(p.Number, comment.ID, text, deleted)
	return c.commentJSON(p, comment), err
}

func updateComment(c *call) (*answer, error) {
	text, err := c.readComment()
	if err != nil {
		return nil, err
	}
	o, err := c.changeComment(text, false)
	return &answer{body: o}, err
}

func deleteComment(c *call) (*answer, error) {
	_, err := c.changeComment("", true)
	return empty(http.StatusNoContent), err
}

// approvePull: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-approve-post
func approvePull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	review, err := c.repo.AddReview(p.Number, fakehost.Review{Author: c.user.Login, State: "APPROVED"})
	if err != nil {
		return nil, err
	}
	return ok(obj{"type": "participant", "role": "PARTICIPANT", "user": c.userJSON(c.user), "approved": true, "state": "approved",
		"participated_on": timestamp(review.SubmittedAt, review.ID)})
}
