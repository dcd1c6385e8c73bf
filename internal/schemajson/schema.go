package main

import (
	"encoding/json"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

func schema(s *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(s.Version), Block: block(s.Block)} //nolint:gosec // A version is not negative.
}

func action(a *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	return &tfjson.ActionSchema{Block: block(a.Schema.Block)}
}

func block(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	described := &tfjson.SchemaBlock{
		Description: b.Description, DescriptionKind: kind(b.DescriptionKind), Deprecated: b.Deprecated,
		Attributes: attributes(b.Attributes), NestedBlocks: map[string]*tfjson.SchemaBlockType{},
	}
	for _, nested := range b.BlockTypes {
		described.NestedBlocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: blockNesting[nested.Nesting], Block: block(nested.Block),
			MinItems: uint64(nested.MinItems), MaxItems: uint64(nested.MaxItems), //nolint:gosec // Neither is negative.
		}
	}
	return described
}

func attributes(all []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	described := map[string]*tfjson.SchemaAttribute{}
	for _, a := range all {
		one := &tfjson.SchemaAttribute{
			Description: a.Description, DescriptionKind: kind(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			one.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				NestingMode: objectNesting[a.NestedType.Nesting], Attributes: attributes(a.NestedType.Attributes),
			}
		} else {
			one.AttributeType = ctyType(a.Type)
		}
		described[a.Name] = one
	}
	return described
}

func identity(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	described := &tfjson.IdentitySchema{
		Version:    uint64(s.Version), //nolint:gosec // A version is not negative.
		Attributes: map[string]*tfjson.IdentityAttribute{},
	}
	for _, a := range s.IdentityAttributes {
		described.Attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType: ctyType(a.Type), Description: a.Description, RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return described
}

func function(f *tfprotov6.Function) *tfjson.FunctionSignature {
	described := &tfjson.FunctionSignature{
		Description: f.Description, Summary: f.Summary, DeprecationMessage: f.DeprecationMessage, ReturnType: ctyType(f.Return.Type),
	}
	for _, p := range f.Parameters {
		described.Parameters = append(described.Parameters, parameter(p))
	}
	if f.VariadicParameter != nil {
		described.VariadicParameter = parameter(f.VariadicParameter)
	}
	return described
}

func parameter(p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: ctyType(p.Type)}
}

var (
	blockNesting = map[tfprotov6.SchemaNestedBlockNestingMode]tfjson.SchemaNestingMode{
		tfprotov6.SchemaNestedBlockNestingModeSingle: tfjson.SchemaNestingModeSingle,
		tfprotov6.SchemaNestedBlockNestingModeList:   tfjson.SchemaNestingModeList,
		tfprotov6.SchemaNestedBlockNestingModeSet:    tfjson.SchemaNestingModeSet,
		tfprotov6.SchemaNestedBlockNestingModeMap:    tfjson.SchemaNestingModeMap,
		tfprotov6.SchemaNestedBlockNestingModeGroup:  tfjson.SchemaNestingModeGroup,
	}
	objectNesting = map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
		tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
		tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
		tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
		tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
	}
)

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if k == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

// ctyType is the type as CLIs know it. Both are written as the same JSON.
func ctyType(t tftypes.Type) cty.Type {
	var known cty.Type
	written, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(written, &known)
	}
	if err != nil {
		panic(fmt.Sprintf("the type %s: %v", t, err)) // The SDK writes and reads all types of the protocol.
	}
	return known
}
