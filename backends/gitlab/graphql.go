package gitlab

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// queries is what GraphQL does in one request where REST takes many. Where there is none,
// each is graphql.ErrNone.
type queries interface {
	access(ctx context.Context) (driver.Access, error)
	tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error)
	blobs(ctx context.Context, places []place, texts bool) ([]blob, error)
	lastCommits(ctx context.Context, places []place, fields string) ([]gjson.Result, error)
	names(ctx context.Context, logins []string) ([]string, error)
	pulls(ctx context.Context, base, head string) ([]driver.Pull, error)
	pullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error)
	mergedHeads(ctx context.Context, branches []driver.Branch) (map[driver.Branch]bool, error)
}

// graph is queries over GraphQL.
type graph struct{ repo *Repo }

// operation is a query on the project, written piece by piece. Values are variables:
// GitLab takes no more than 10,000 characters of text, but bigger ones beside it.
// https://docs.gitlab.com/api/graphql/#limits
type operation struct {
	declared, text strings.Builder
	values         []func(*rest.JSON)
	halves         bool // the caller asks for less when it is too much at once
}

// raw appends text as it is.
func (o *operation) raw(s string) *operation {
	o.text.WriteString(s)
	return o
}

// str appends a string.
func (o *operation) str(s string) *operation {
	return o.value("String!", func(j *rest.JSON) { j.String(s) })
}

// strs appends a list of strings.
func (o *operation) strs(list []string) *operation {
	return o.value("[String!]", listOf(list))
}

func listOf(list []string) func(*rest.JSON) {
	return func(j *rest.JSON) {
		j.Array()
		for _, s := range list {
			j.String(s)
		}
		j.EndArray()
	}
}

func (o *operation) value(kind string, write func(*rest.JSON)) *operation {
	name := "v" + strconv.Itoa(len(o.values))
	o.declared.WriteString("$" + name + ":" + kind + " ")
	o.text.WriteString("$" + name)
	o.values = append(o.values, write)
	return o
}

// paths appends the list that names files.
func (o *operation) paths(list []string) *operation {
	return o.value("[String!]!", listOf(list))
}

// query is the operation under a name. On a project, its selection begins there.
func (o *operation) query(name, project, fragment string) *graphql.Query {
	begin, end := "{", "}"
	values := o.values
	if project != "" {
		o.declared.WriteString("$p:ID!")
		begin, end = "{project(fullPath:$p){", "}}"
	}
	q := &graphql.Query{Halves: o.halves}
	q.Raw("query " + name + "(" + o.declared.String() + ")" + begin + o.text.String() + end + fragment)
	q.Vars = func(j *rest.JSON) {
		for i, write := range values {
			j.Key("v" + strconv.Itoa(i))
			write(j)
		}
		j.FieldIf("p", project)
	}
	return q
}

// read is the project's part of an answer without errors. A project that is not there
// is NotFound, though GraphQL calls it nothing.
func (r graph) read(ctx context.Context, name string, o *operation, fragment string) (gjson.Result, error) {
	data, err := r.repo.api.graphQL.Read(ctx, o.query(name, r.repo.name, fragment))
	if err != nil {
		return gjson.Result{}, err
	}
	project := data.Get("project")
	if !project.IsObject() {
		return gjson.Result{}, r.repo.missing()
	}
	return project, nil
}

// useREST says whether REST may do what GraphQL can't.
func useREST(err error) bool { return errors.Is(err, graphql.ErrNone) || tooMuch(err) }

// part is one selection within a repository, of which many go into one operation.
type part struct {
	cost  int // as GitLab counts complexity, or a little more
	write func(*operation)
}

// gather asks for parts of the repository in as few operations as GitLab bears, and
// answers in their order.
func (r graph) gather(ctx context.Context, name string, parts []part, fragment string) ([]gjson.Result, error) {
	out := make([]gjson.Result, len(parts))
	ends := r.repo.api.budget.pack(parts)
	err := rest.Together(ctx, len(ends), func(ctx context.Context, i int) error {
		from := 0
		if i > 0 {
			from = ends[i-1]
		}
		return r.gatherOnce(ctx, name, parts[from:ends[i]], out[from:ends[i]], fragment)
	})
	return out, err
}

// gatherOnce asks for parts in one operation, or in two halves if that is too much.
func (r graph) gatherOnce(ctx context.Context, name string, parts []part, out []gjson.Result, fragment string) error {
	o := &operation{halves: len(parts) > 1}
	o.raw("repository{")
	for i, p := range parts {
		o.raw("a" + strconv.Itoa(i) + ":")
		p.write(o)
	}
	project, err := r.read(ctx, name, o.raw("}"), fragment)
	switch {
	case err == nil:
		project.Get("repository").ForEach(func(alias, v gjson.Result) bool { // to look for each takes long
			if i, err := strconv.Atoi(strings.TrimPrefix(alias.Str, "a")); err == nil && i >= 0 && i < len(out) {
				out[i] = v
			}
			return true
		})
		return nil
	case len(parts) == 1 || !tooMuch(err):
		return err
	}
	r.repo.api.budget.learn(costOf(parts), err)
	half := len(parts) / 2
	return rest.Together(ctx, 2, func(ctx context.Context, i int) error {
		from, to := 0, half
		if i == 1 {
			from, to = half, len(parts)
		}
		got, err := r.gather(ctx, name, parts[from:to], fragment)
		copy(out[from:to], got)
		return err
	})
}
