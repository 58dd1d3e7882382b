//go:build js && wasm

// Package safejs stands in for github.com/hack-pad/safejs, whose three uses of fmt
// bring fmt, reflect and os into the browser module: a tenth of its bytes. It
// offers the part of that package that Mooring uses, with the same meaning: what
// throws in JavaScript, or panics in syscall/js, is an error.
package safejs

import (
	"errors"
	"syscall/js"
)

// Value is a JavaScript value.
type Value struct{ v js.Value }

// Safe wraps a js.Value.
func Safe(v js.Value) Value { return Value{v} }

// Unsafe unwraps a Value.
func Unsafe(v Value) js.Value { return v.v }

// Type is a JavaScript type.
type Type = js.Type

// The JavaScript types.
const (
	TypeUndefined = js.TypeUndefined
	TypeNull      = js.TypeNull
	TypeBoolean   = js.TypeBoolean
	TypeNumber    = js.TypeNumber
	TypeString    = js.TypeString
	TypeSymbol    = js.TypeSymbol
	TypeObject    = js.TypeObject
	TypeFunction  = js.TypeFunction
)

// Global is globalThis.
func Global() Value { return Value{js.Global()} }

// Undefined is undefined.
func Undefined() Value { return Value{js.Undefined()} }

// ValueOf makes a JavaScript value of a Go value that js.ValueOf takes.
func ValueOf(x any) (Value, error) {
	return try(func() Value { return Value{js.ValueOf(unwrap(x))} })
}

// Func is a Go function that JavaScript may call until it is released.
type Func struct{ f js.Func }

// FuncOf makes a Func. A panic in fn is not caught.
func FuncOf(fn func(this Value, args []Value) any) (Func, error) {
	return try(func() Func {
		return Func{js.FuncOf(func(this js.Value, args []js.Value) any {
			wrapped := make([]Value, len(args))
			for i, arg := range args {
				wrapped[i] = Value{arg}
			}
			return unwrap(fn(Value{this}, wrapped))
		})}
	})
}

// Release frees the function; it must not be called afterwards.
func (f Func) Release() { f.f.Release() }

// Type is the type of v.
func (v Value) Type() Type { return v.v.Type() }

// Get reads a property.
func (v Value) Get(name string) (Value, error) {
	return try(func() Value { return Value{v.v.Get(name)} })
}

// Set writes a property.
func (v Value) Set(name string, x any) error {
	return do(func() { v.v.Set(name, unwrap(x)) })
}

// Delete removes a property.
func (v Value) Delete(name string) error { return do(func() { v.v.Delete(name) }) }

// Index reads an item of an array.
func (v Value) Index(i int) (Value, error) {
	return try(func() Value { return Value{v.v.Index(i)} })
}

// Length is the length of an array.
func (v Value) Length() (int, error) { return try(v.v.Length) }

// Call calls a method.
func (v Value) Call(name string, args ...any) (Value, error) {
	return try(func() Value { return Value{v.v.Call(name, unwrapAll(args)...)} })
}

// Invoke calls a function.
func (v Value) Invoke(args ...any) (Value, error) {
	return try(func() Value { return Value{v.v.Invoke(unwrapAll(args)...)} })
}

// New constructs an object.
func (v Value) New(args ...any) (Value, error) {
	return try(func() Value { return Value{v.v.New(unwrapAll(args)...)} })
}

// Bool is a boolean's value.
func (v Value) Bool() (bool, error) { return try(v.v.Bool) }

// Int is a number's value, cut to a whole one.
func (v Value) Int() (int, error) { return try(v.v.Int) }

// Float is a number's value.
func (v Value) Float() (float64, error) { return try(v.v.Float) }

// Truthy is what an if would make of v.
func (v Value) Truthy() (bool, error) { return try(v.v.Truthy) }

// String is a string's value; that of anything else is an error.
func (v Value) String() (string, error) {
	if v.v.Type() != js.TypeString {
		return "", &js.ValueError{Method: "Value.String", Type: v.v.Type()}
	}
	return try(v.v.String)
}

// CopyBytesToGo copies from a Uint8Array.
func CopyBytesToGo(dst []byte, src Value) (int, error) {
	return try(func() int { return js.CopyBytesToGo(dst, src.v) })
}

// CopyBytesToJS copies into a Uint8Array.
func CopyBytesToJS(dst Value, src []byte) (int, error) {
	return try(func() int { return js.CopyBytesToJS(dst.v, src) })
}

func unwrapAll(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = unwrap(arg)
	}
	return out
}

// unwrap turns Values and Funcs, also those in slices and maps, into syscall/js's.
func unwrap(x any) any {
	switch x := x.(type) {
	case Value:
		return x.v
	case Func:
		return x.f
	case []any:
		return unwrapAll(x)
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, value := range x {
			out[name] = unwrap(value)
		}
		return out
	}
	return x
}

func do(run func()) error {
	_, err := try(func() struct{} { run(); return struct{}{} })
	return err
}

func try[T any](run func() T) (result T, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case error:
			err = cause
		case js.Value:
			err = js.Error{Value: cause}
		case string:
			err = errors.New(cause)
		default:
			err = errors.New("safejs: a panic of unknown type")
		}
	}()
	return run(), nil
}
