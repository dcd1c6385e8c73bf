package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// Generic REST providers call any API. Who used one for this API has its objects in the state, and
// a moved block brings them here. Only the key of an object is taken. All else is read from the
// gateway, as after an import.

const restapiObject = "restapi_object"

// genericTypes are the types of resources that hold one object of an API, with the names of their
// providers. The namespaces do not matter: there are copies.
var genericTypes = map[string]string{
	restapiObject:       "/restapi", // Mastercard/restapi, versions 1 to 3
	"restful_resource":  "/restful", // magodo/restful, versions 0 to 2 of its schema
	"restful_operation": "/restful",
}

// aboutMoved is part of the documentation of the resources that take objects over.
func aboutMoved(key string) string {
	return "An object that a generic REST provider has made can be moved here: `moved` from a `restapi_object` (Mastercard/restapi), a `restful_resource` or a `restful_operation` " +
		"(magodo/restful). It needs Terraform 1.8 or OpenTofu 1.10, and the other provider installed until the move is applied. Only the " + key + " is taken from that state. " +
		"What follows is what follows an import: the gateway is asked, what it never gives back comes from the configuration, and nothing is sent that changes it. " +
		"On an older CLI, use `removed` with `destroy = false` (or `terraform state rm`) for the other object, and import it here."
}

// genericObject is what such a state has of an object.
type genericObject struct {
	ID         string `json:"id"` // a path, but of restapi_object
	Path       string `json:"path"`
	CreatePath string `json:"create_path"`
	ReadPath   string `json:"read_path"`

	// Answers of the API, and what was sent to it (data, body). The first three are of
	// restapi_object: JSON in a text.
	APIResponse     json.RawMessage `json:"api_response"`
	CreateResponse  json.RawMessage `json:"create_response"`
	Data            json.RawMessage `json:"data"`
	Output          json.RawMessage `json:"output"`
	SensitiveOutput json.RawMessage `json:"sensitive_output"`
	Body            json.RawMessage `json:"body"`
}

// moved is a kind of object that is brought here.
type moved struct {
	what  string   // for messages
	calls []string // that make or read one
	key   string   // the attribute that it is read by, here and in answers
}

// movers take over objects of generic REST providers.
func (m moved) movers() []resource.StateMover {
	return []resource.StateMover{{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		provider, isGeneric := genericTypes[req.SourceTypeName]
		if !isGeneric || !strings.HasSuffix(req.SourceProviderAddress, provider) {
			return // the framework says that this cannot be moved
		}
		var object genericObject
		if err := json.Unmarshal(req.SourceRawState.JSON, &object); err != nil {
			resp.Diagnostics.Append(m.refusal(req.SourceTypeName, "its state cannot be read: "+err.Error()))
			return
		}
		if req.SourceTypeName != restapiObject {
			object.ID = ""
		}
		if !m.isCalled(object) {
			resp.Diagnostics.Append(m.refusal(req.SourceTypeName,
				fmt.Sprintf("its paths %q call neither %s, so it is another object", object.paths(), strings.Join(m.calls, " nor "))))
			return
		}
		key := object.keyOf(m.key)
		if key == "" {
			resp.Diagnostics.Append(m.refusal(req.SourceTypeName, fmt.Sprintf("its state holds no %s that the gateway has answered", m.key)))
			return
		}
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(m.key), key)...)
		resp.Diagnostics.Append(resp.TargetIdentity.SetAttribute(ctx, path.Root(m.key), key)...)
		resp.Diagnostics.Append(remote.WriteImported(ctx, resp.TargetPrivate)...)
	}}}
}

// refusal says how to take an object over without a moved block.
func (m moved) refusal(from, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Cannot move a %s to a %s", from, m.what),
		fmt.Sprintf("The state of the %s gives no %s: %s. Nothing was changed. Take the moved block out, let Terraform forget the object there, and import it here:\n\n"+
			"removed {\n  from = %s.NAME\n  lifecycle {\n    destroy = false\n  }\n}\n\nimport {\n  to = invoice_%s.NAME\n  id = \"THE %s\"\n}",
			from, strings.ReplaceAll(m.what, "_", " "), why, from, m.what, strings.ToUpper(m.key)))
}

func (o genericObject) paths() []string {
	given := []string{o.Path, o.CreatePath, o.ReadPath}
	return slices.DeleteFunc(given, func(path string) bool { return path == "" })
}

// isCalled reports whether an object is of this kind. A call is a whole segment of a path, since
// another one may begin with its name: GetPaymentByOrder goes by the order.
func (m moved) isCalled(o genericObject) bool {
	return slices.ContainsFunc(o.paths(), func(path string) bool {
		path, _, _ = strings.Cut(path, "?")
		return slices.ContainsFunc(strings.Split(path, "/"), func(segment string) bool { return slices.Contains(m.calls, segment) })
	})
}

// keyOf returns the key of the object. An id is what the gateway has answered, never what was
// sent: a refund is sent with the id of its payment. An alias may be what was sent.
func (o genericObject) keyOf(name string) string {
	documents := []json.RawMessage{o.APIResponse, o.Output, o.SensitiveOutput, o.CreateResponse}
	if name != "id" {
		documents = append(documents, o.Data, o.Body)
	}
	for _, document := range documents {
		var fields map[string]json.RawMessage
		var key values.ID
		if json.Unmarshal(documentIn(document), &fields) == nil && json.Unmarshal(fields[name], &key) == nil && key != "" {
			return string(key)
		}
	}
	if name == "id" {
		return o.ID
	}
	return ""
}

// documentIn returns the document in an attribute: JSON in a text, or a value with its type, as
// Terraform stores dynamic attributes.
func documentIn(attribute json.RawMessage) []byte {
	var text string
	if json.Unmarshal(attribute, &text) == nil {
		return []byte(text)
	}
	var dynamic struct{ Value, Type json.RawMessage }
	decoder := json.NewDecoder(bytes.NewReader(attribute))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&dynamic) == nil && len(dynamic.Value) > 0 && len(dynamic.Type) > 0 {
		return dynamic.Value
	}
	return attribute
}

// refuseUnread refuses to plan for an object that was moved here and never read: nothing is known
// of it, so a plan would pretend that it is as it is configured.
func refuseUnread(isUnread bool, name string, diags *diag.Diagnostics) bool {
	if isUnread {
		diags.AddError("A moved object was not read yet",
			fmt.Sprintf("The %s comes from another provider, and the gateway has not been asked about it. Nothing was changed. Plan once without -refresh=false.", name))
	}
	return isUnread
}
