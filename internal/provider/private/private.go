// Package private reads and writes the private data of resources: what the provider
// has to know about an object and Terraform does not show.
package private

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Reader is the private data of a state or a plan.
type Reader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// Writer is the private data of a response.
type Writer interface {
	// SetKey replaces what is under the key. No value removes the key.
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Data is private data that is read and written.
type Data interface {
	Reader
	Writer
}

// ReadFlag reports whether a flag is set. One that was never written is not.
func ReadFlag(ctx context.Context, from Reader, key string) bool {
	value, _ := from.GetKey(ctx, key)
	return string(value) == "true"
}

// WriteFlag sets a flag, or takes it back.
func WriteFlag(ctx context.Context, to Writer, key string, value bool) diag.Diagnostics {
	if !value {
		return Remove(ctx, to, key)
	}
	return WriteJSON(ctx, to, key, value)
}

// Remove takes away what is under the keys.
func Remove(ctx context.Context, from Writer, keys ...string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, key := range keys {
		diags.Append(from.SetKey(ctx, key, nil)...)
	}
	return diags
}

// ReadJSON leaves the value alone when there is nothing under the key.
func ReadJSON(ctx context.Context, from Reader, key string, value any) {
	text, _ := from.GetKey(ctx, key)
	_ = json.Unmarshal(text, value)
}

// WriteJSON replaces what is under the key.
func WriteJSON(ctx context.Context, to Writer, key string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot remember "+key, err.Error())}
	}
	return to.SetKey(ctx, key, text)
}

// Encoded is the private data of an object as the framework encodes it.
type Encoded map[string][]byte

// Decode returns the private data in what the framework has encoded. It is nil if that is
// nothing, or written by something else.
func Decode(encoded []byte) Encoded {
	var data Encoded
	if json.Unmarshal(encoded, &data) != nil {
		return nil
	}
	return data
}

// GetKey implements [Reader].
func (e Encoded) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return e[key], nil
}

// SetKey implements [Writer].
func (e Encoded) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if len(value) == 0 {
		delete(e, key)
	} else {
		e[key] = value
	}
	return nil
}

// Encode is the opposite of [Decode].
func (e Encoded) Encode() ([]byte, error) {
	if len(e) == 0 {
		return nil, nil
	}
	return json.Marshal(e)
}
