package graphql

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// schemas holds what LoadSchema has parsed: GitHub's schema takes a second under
// the race detector, and nobody changes it.
var schemas sync.Map // file name -> func() (*ast.Schema, error)

// LoadSchema reads a schema in GraphQL's schema definition language. Each file is
// parsed once per process.
func LoadSchema(file string) (*ast.Schema, error) {
	load, _ := schemas.LoadOrStore(file, sync.OnceValues(func() (*ast.Schema, error) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		schema, err := parseSchema(&ast.Source{Name: file, Input: string(text)})
		if err != nil {
			return nil, fmt.Errorf("%s is not a GraphQL schema: %w", file, err)
		}
		return schema, nil
	}))
	return load.(func() (*ast.Schema, error))()
}

// ParseSchema reads a schema that is at hand.
func ParseSchema(name, text string) (*ast.Schema, error) {
	return parseSchema(&ast.Source{Name: name, Input: text})
}

// parseSchema forgives a field that is defined twice: GitHub's schema has some.
func parseSchema(source *ast.Source) (*ast.Schema, error) {
	doc, err := parser.ParseSchemas(validator.Prelude, source)
	if err != nil {
		return nil, err
	}
	for _, def := range doc.Definitions {
		seen := map[string]bool{}
		def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool {
			again := seen[f.Name]
			seen[f.Name] = true
			return again
		})
	}
	return validator.ValidateSchemaDocument(doc)
}

// validationRules are the specification's rules.
var validationRules = sync.OnceValue(rules.NewDefaultRules)

// parse reads a query and validates it against the schema.
func (e *Engine) parse(query string) (*ast.QueryDocument, []*Error) {
	if query == "" {
		return nil, []*Error{{Message: "A query attribute must be specified and must be a string."}}
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, []*Error{fromParser(gqlerror.WrapIfUnwrapped(err))}
	}
	if len(doc.Operations) == 0 {
		return nil, []*Error{{Message: "No operation was found in the query."}}
	}
	var errs []*Error
	for _, err := range validator.ValidateWithRules(e.schema, doc, validationRules()) {
		errs = append(errs, fromParser(err))
	}
	return doc, errs
}

// Validate says what is wrong with a query, whatever its variables; nil when
// nothing is.
func (e *Engine) Validate(query string) error {
	if _, errs := e.parse(query); len(errs) > 0 {
		return errs[0]
	}
	return nil
}

// isType says whether an object type is, or belongs to, the named type.
func (e *Engine) isType(object, name string) bool {
	if object == name {
		return true
	}
	return slices.ContainsFunc(e.schema.PossibleTypes[name], func(d *ast.Definition) bool {
		return d.Name == object
	})
}
