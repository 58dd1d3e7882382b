package bitbucket

import "strings"

// Bitbucket's lists are narrowed by expressions.
// https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering

// is says that a field has a value. How a quote is to be written in a value Bitbucket
// does not tell: a value with one is looked for by the longest part without, so whoever
// asks sorts out what else comes.
func is(field, value string) string {
	if isPlain(value) {
		return field + ` = "` + value + `"`
	}
	return has(field, value)
}

// has says that a field holds a text somewhere, whatever the case.
func has(field, text string) string {
	return field + ` ~ "` + plainPart(text) + `"`
}

// isPlain says whether a text can be said in an expression as it is.
func isPlain(text string) bool { return !strings.ContainsAny(text, quotes) }

const quotes = `"\`

// plainPart is the longest part of a text that can be said as it is.
func plainPart(text string) string {
	longest := ""
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(quotes, c) }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// anyOf says that one of some expressions holds; allOf that all of them do.
func anyOf(expressions ...string) string { return "(" + strings.Join(expressions, " OR ") + ")" }
func allOf(expressions ...string) string { return strings.Join(expressions, " AND ") }

// cutRepo is the workspace and the slug of a full name.
func cutRepo(name string) (workspace, slug string, ok bool) { return strings.Cut(name, "/") }

// sameRepo says whether two full names are one repository's.
func sameRepo(a, b string) bool { return a != "" && strings.EqualFold(a, b) }
