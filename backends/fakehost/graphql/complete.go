package graphql

import (
	"fmt"
	"reflect"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// complete turns a resolver's value into what the answer holds. It is not ok when
// the value is null where the schema forbids it; somebody above is null then.
func (x *execution) complete(typ *ast.Type, f *field, value any, path []any) (any, bool) {
	if isNil(value) {
		if typ.NonNull {
			x.fail(path, f.Position, fmt.Errorf("the fake answers null for %s, which is a %s", f.Name, typ))
		}
		return nil, !typ.NonNull
	}
	out, ok := x.present(typ, f, value, path)
	if !ok {
		return nil, !typ.NonNull
	}
	return out, true
}

// present completes a value that is not null.
func (x *execution) present(typ *ast.Type, f *field, value any, path []any) (any, bool) {
	if typ.Elem != nil {
		return x.list(typ, f, reflect.ValueOf(value), path)
	}
	def := x.engine.schema.Types[typ.NamedType]
	if def.IsLeafType() {
		out, err := leaf(def, value)
		if err != nil {
			x.fail(path, f.Position, err)
		}
		return out, err == nil
	}
	o, isObject := value.(Object)
	if !isObject || !x.engine.isType(o.TypeName(), typ.NamedType) {
		x.fail(path, f.Position, fmt.Errorf("the fake answers a %T for %s, which is a %s", value, f.Name, typ))
		return nil, false
	}
	return x.object(x.engine.schema.Types[o.TypeName()], o, f.sets, path)
}

func (x *execution) list(typ *ast.Type, f *field, values reflect.Value, path []any) (any, bool) {
	if values.Kind() != reflect.Slice {
		x.fail(path, f.Position, fmt.Errorf("the fake answers a %s for %s, which is a %s", values.Type(), f.Name, typ))
		return nil, false
	}
	out := make([]any, 0, values.Len())
	for i := range values.Len() {
		item, ok := x.complete(typ.Elem, f, values.Index(i).Interface(), append(path[:len(path):len(path)], i))
		if !ok || x.timedOut {
			return nil, false
		}
		out = append(out, item)
	}
	return out, true
}

// leaf checks a scalar or an enum value, so that the fake can't answer what the
// host never would.
func leaf(def *ast.Definition, value any) (any, error) {
	if at, isTime := value.(time.Time); isTime {
		value = at.UTC().Format(time.RFC3339)
	}
	kind := reflect.ValueOf(value).Kind()
	fits := true
	switch {
	case def.Kind == ast.Enum:
		fits = kind == reflect.String && def.EnumValues.ForName(reflect.ValueOf(value).String()) != nil
	case def.Name == "Int":
		fits = kind >= reflect.Int && kind <= reflect.Uint64
	case def.Name == "Float":
		fits = kind >= reflect.Int && kind <= reflect.Float64
	case def.Name == "Boolean":
		fits = kind == reflect.Bool
	default:
		fits = kind == reflect.String
	}
	if !fits {
		return nil, fmt.Errorf("the fake answers %v (%T) for a %s", value, value, def.Name)
	}
	return value, nil
}

// isNil also knows a nil pointer in an interface.
func isNil(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
