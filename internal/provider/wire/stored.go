package wire

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// FromStored encodes a stored state as Terraform sends it. What the state lacks is null. It
// returns nil if the state does not fit the type, or has what the type lacks.
//
// The state could be answered as the JSON that it is. Terraform would read that six times
// more slowly.
func FromStored(state []byte, as tftypes.Type) []byte {
	decoder := json.NewDecoder(bytes.NewReader(state))
	decoder.UseNumber()
	var encoded bytes.Buffer
	if !encodeNext(decoder, as, &encoded) {
		return nil
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil
	}
	return encoded.Bytes()
}

// encodeNext encodes the next value, and reports whether it is null or of a type.
func encodeNext(decoder *json.Decoder, as tftypes.Type, to *bytes.Buffer) bool {
	token, err := decoder.Token()
	if err != nil {
		return false
	}
	encoder := msgpack.NewEncoder(to)
	switch value := token.(type) {
	case nil:
		return encoder.EncodeNil() == nil
	case string:
		return as.Is(tftypes.String) && encoder.EncodeString(value) == nil
	case bool:
		return as.Is(tftypes.Bool) && encoder.EncodeBool(value) == nil
	case json.Number: // Terraform takes a text for a number
		return as.Is(tftypes.Number) && encoder.EncodeString(value.String()) == nil
	case json.Delim:
		object, isObject := as.(tftypes.Object)
		list, isList := as.(tftypes.List)
		switch {
		case value == '{' && isObject:
			return encodeObject(decoder, object, encoder, to)
		case value == '[' && isList:
			return encodeList(decoder, list, encoder, to)
		}
	}
	return false
}

func encodeObject(decoder *json.Decoder, as tftypes.Object, encoder *msgpack.Encoder, to *bytes.Buffer) bool {
	if encoder.EncodeMapLen(len(as.AttributeTypes)) != nil {
		return false
	}
	given := make(map[string]bool, len(as.AttributeTypes))
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		kind, isKnown := as.AttributeTypes[name]
		if err != nil || !isName || !isKnown || given[name] || encoder.EncodeString(name) != nil || !encodeNext(decoder, kind, to) {
			return false
		}
		given[name] = true
	}
	for name := range as.AttributeTypes {
		if !given[name] && (encoder.EncodeString(name) != nil || encoder.EncodeNil() != nil) {
			return false
		}
	}
	_, err := decoder.Token()
	return err == nil
}

func encodeList(decoder *json.Decoder, as tftypes.List, encoder *msgpack.Encoder, to *bytes.Buffer) bool {
	var elements bytes.Buffer
	count := 0
	for ; decoder.More(); count++ {
		if !encodeNext(decoder, as.ElementType, &elements) {
			return false
		}
	}
	if _, err := decoder.Token(); err != nil || encoder.EncodeArrayLen(count) != nil {
		return false
	}
	_, err := elements.WriteTo(to)
	return err == nil
}
