package graphql

import (
	"bytes"
	"encoding/json"
)

// Data is an object of an answer. Its fields keep the order in which the query
// asked for them, as the specification demands.
type Data struct {
	keys   []string
	values []any
}

func (d *Data) set(key string, value any) {
	d.keys = append(d.keys, key)
	d.values = append(d.values, value)
}

// MarshalJSON writes the fields in their order.
func (d *Data) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	var out bytes.Buffer
	if err := d.write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// write avoids MarshalJSON for what lies within, which would copy each level
// once more.
func (d *Data) write(out *bytes.Buffer) error {
	out.WriteByte('{')
	for i, key := range d.keys {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeValue(out, key); err != nil {
			return err
		}
		out.WriteByte(':')
		if err := writeValue(out, d.values[i]); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

func writeValue(out *bytes.Buffer, value any) error {
	switch v := value.(type) {
	case *Data:
		return v.write(out)
	case []any:
		out.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeValue(out, item); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	}
	text, err := json.Marshal(value)
	out.Write(text)
	return err
}

// MarshalJSON writes the body of the answer: errors without data for a request
// that was not executed.
func (r *Response) MarshalJSON() ([]byte, error) {
	if !r.executed {
		return json.Marshal(struct {
			Errors []*Error `json:"errors"`
		}{r.Errors})
	}
	return json.Marshal(struct {
		Data   *Data    `json:"data"`
		Errors []*Error `json:"errors,omitempty"`
	}{r.Data, r.Errors})
}
