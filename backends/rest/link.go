package rest

import "strings"

// nextLink is the target of the first link with rel=next in a Link field (RFC
// 8288), as it stands there. A link with an anchor is about something else.
func nextLink(field string) string {
	for field != "" {
		target, params, rest := cutLink(field)
		if params["anchor"] == "" && hasToken(params["rel"], "next") {
			return target
		}
		field = rest
	}
	return ""
}

// cutLink takes the first link off a field. What is no link is skipped.
func cutLink(field string) (target string, params map[string]string, rest string) {
	_, field, ok := strings.Cut(field, "<")
	if !ok {
		return "", nil, ""
	}
	target, rest, ok = strings.Cut(field, ">") // commas and semicolons inside belong to it
	if !ok {
		return "", nil, ""
	}
	params = map[string]string{}
	for {
		rest = strings.TrimLeft(rest, " \t")
		if !strings.HasPrefix(rest, ";") {
			_, rest, _ = strings.Cut(rest, ",")
			return target, params, rest
		}
		var name, value string
		name, value, rest = cutParam(rest[1:])
		if _, again := params[name]; !again { // only the first one counts
			params[name] = value
		}
	}
}

// cutParam takes "name=value", with or without quotes, off the parameters.
func cutParam(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return paramName(s), "", ""
	}
	name, rest = paramName(s[:end]), s[end:]
	if rest[0] != '=' {
		return name, "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if strings.HasPrefix(rest, `"`) {
		value, rest = cutQuoted(rest[1:])
		return name, value, rest
	}
	if end = strings.IndexAny(rest, ";,"); end < 0 {
		end = len(rest)
	}
	return name, strings.TrimRight(rest[:end], " \t"), rest[end:]
}

func paramName(s string) string { return strings.ToLower(strings.Trim(s, " \t")) }

// cutQuoted reads up to the closing quote; a backslash takes what follows as it is.
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

func hasToken(list, token string) bool {
	for _, t := range strings.Fields(list) {
		if strings.EqualFold(t, token) {
			return true
		}
	}
	return false
}
