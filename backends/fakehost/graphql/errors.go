package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Error is an entry of an answer's errors. Its Type is GitHub's own addition to
// the specification: NOT_FOUND, FORBIDDEN and so on.
type Error struct {
	Type       string         `json:"type,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
	Locations  []Location     `json:"locations,omitempty"`
	Message    string         `json:"message"`
}

// Location is a place in the query, counted from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Errorf is an error that a resolver answers; the engine adds where it happened.
func Errorf(typ, format string, args ...any) *Error {
	return &Error{Type: typ, Message: fmt.Sprintf(format, args...)}
}

func (e *Error) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}

// codes are GitHub's names for what the rules of the specification find.
var codes = map[string]string{
	"FieldsOnCorrectType":        "undefinedField",
	"FragmentsOnCompositeTypes":  "fragmentOnNonCompositeType",
	"KnownArgumentNames":         "argumentNotAccepted",
	"KnownFragmentNames":         "useFragmentUndefined",
	"KnownTypeNames":             "undefinedType",
	"NoUndefinedVariables":       "variableNotDefined",
	"NoUnusedFragments":          "useAndDefineFragment",
	"NoUnusedVariables":          "variableNotUsed",
	"PossibleFragmentSpreads":    "cannotSpreadFragment",
	"ProvidedRequiredArguments":  "missingRequiredArguments",
	"ScalarLeafs":                "selectionMismatch",
	"ValuesOfCorrectType":        "argumentLiteralsIncompatible",
	"VariablesInAllowedPosition": "variableMismatch",
}

// fromParser turns an error of the parser or the validator into the host's shape.
func fromParser(err *gqlerror.Error) *Error {
	out := &Error{Message: err.Message}
	for _, at := range err.Locations {
		out.Locations = append(out.Locations, Location{at.Line, at.Column})
	}
	if err.Rule != "" {
		code := codes[err.Rule]
		if code == "" {
			code = err.Rule
		}
		out.Extensions = map[string]any{"code": code}
	}
	return out
}

func locate(at *ast.Position) []Location {
	if at == nil {
		return nil
	}
	return []Location{{at.Line, at.Column}}
}
