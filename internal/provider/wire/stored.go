package wire

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// IsStored reports whether a stored state can be answered as it is: it is JSON of a type, and
// has no attribute that the type lacks. One that the state lacks is null for Terraform.
func IsStored(state []byte, as tftypes.Type) bool {
	decoder := json.NewDecoder(bytes.NewReader(state))
	decoder.UseNumber()
	if !isNext(decoder, as) {
		return false
	}
	_, err := decoder.Token()
	return err == io.EOF
}

// isNext reports whether the next value is null or of a type.
func isNext(decoder *json.Decoder, as tftypes.Type) bool {
	token, err := decoder.Token()
	if err != nil {
		return false
	}
	switch value := token.(type) {
	case nil:
		return true
	case string:
		return as.Is(tftypes.String)
	case bool:
		return as.Is(tftypes.Bool)
	case json.Number:
		return as.Is(tftypes.Number)
	case json.Delim:
		object, isObject := as.(tftypes.Object)
		list, isList := as.(tftypes.List)
		switch {
		case value == '{' && isObject:
			return isObjectNext(decoder, object)
		case value == '[' && isList:
			return isListNext(decoder, list)
		}
	}
	return false
}

func isObjectNext(decoder *json.Decoder, as tftypes.Object) bool {
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		name, _ := token.(string) // the decoder lets nothing else be a name
		kind, isKnown := as.AttributeTypes[name]
		if !isKnown || !isNext(decoder, kind) {
			return false
		}
	}
	_, err := decoder.Token()
	return err == nil
}

func isListNext(decoder *json.Decoder, as tftypes.List) bool {
	for decoder.More() {
		if !isNext(decoder, as.ElementType) {
			return false
		}
	}
	_, err := decoder.Token()
	return err == nil
}
