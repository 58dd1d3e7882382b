package fakegitlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// params are what a request says in its query and its body: the real host
// makes no difference between the two. A value is a string, []any, bool,
// json.Number, map[string]any or nil.
type params map[string]any

// parse reads the query and the body.
func (c *call) parse() error {
	c.params = params{}
	c.params.add(c.r.URL.Query())
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	mediaType, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if mediaType == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(c.body))
		if err != nil {
			return badRequest("Bad request")
		}
		c.params.add(form)
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	var body map[string]any
	if err := d.Decode(&body); err != nil {
		return &apiError{status: 400, body: obj{"error": "message body does not match declared format"}}
	}
	for name, value := range body {
		c.params[name] = value
	}
	return nil
}

// add adds what a query or a form says. name[]=a&name[]=b is a list.
func (p params) add(values url.Values) {
	for name, list := range values {
		if short, many := strings.CutSuffix(name, "[]"); many {
			all := make([]any, len(list))
			for i, text := range list {
				all[i] = text
			}
			p[short] = all
			continue
		}
		p[name] = list[len(list)-1]
	}
}

// has says whether a parameter was given, and isn't null.
func (p params) has(name string) bool { return p[name] != nil }

// text is a parameter as text, "" when it wasn't given.
func (p params) text(name string) string {
	switch v := p[name].(type) {
	case nil, []any, map[string]any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// list is a parameter that is a list, or a text with commas.
func (p params) list(name string) []string {
	var out []string
	items, isList := p[name].([]any)
	if !isList {
		items = []any{p.text(name)}
	}
	for _, item := range items {
		for part := range strings.SplitSeq(fmt.Sprint(item), ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// flag is a parameter that is true or false.
func (p params) flag(name string) bool {
	return slices.Contains([]string{"true", "1", "t", "on"}, strings.ToLower(p.text(name)))
}

// number is an integer parameter, or otherwise when it is none.
func (p params) number(name string, otherwise int) int {
	n, err := strconv.Atoi(p.text(name))
	if err != nil {
		return otherwise
	}
	return n
}

// require refuses a request that lacks parameters, as the real host's
// framework does.
func (p params) require(names ...string) error {
	var missing []string
	for _, name := range names {
		if _, given := p[name]; !given {
			missing = append(missing, name+" is missing")
		}
	}
	if missing == nil {
		return nil
	}
	return &apiError{status: 400, body: obj{"error": strings.Join(missing, ", ")}}
}

// oneOf refuses a value that a parameter can't have.
func (p params) oneOf(name string, values ...string) error {
	if !p.has(name) || slices.Contains(values, p.text(name)) {
		return nil
	}
	return &apiError{status: 400, body: obj{"error": name + " does not have a valid value"}}
}
