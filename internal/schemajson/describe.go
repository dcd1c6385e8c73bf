package main

import (
	"context"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// describe asks a provider for its schemas. name is that of the provider in the answer.
func describe(ctx context.Context, server tfprotov6.ProviderServer, name string) (*tfjson.ProviderSchemas, error) {
	told, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err == nil {
		err = errorOf(told.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("the provider tells no schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err == nil {
		err = errorOf(identities.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("the provider tells no identities: %w", err)
	}
	provider := &tfjson.ProviderSchema{
		ConfigSchema:             schema(told.Provider),
		ResourceSchemas:          each(told.ResourceSchemas, schema),
		DataSourceSchemas:        each(told.DataSourceSchemas, schema),
		EphemeralResourceSchemas: each(told.EphemeralResourceSchemas, schema),
		ListResourceSchemas:      each(told.ListResourceSchemas, schema),
		ActionSchemas:            each(told.ActionSchemas, action),
		Functions:                each(told.Functions, function),
		ResourceIdentitySchemas:  each(identities.IdentitySchemas, identity),
	}
	return &tfjson.ProviderSchemas{FormatVersion: "1.0", Schemas: map[string]*tfjson.ProviderSchema{name: provider}}, nil
}

func errorOf(diagnostics []*tfprotov6.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

func each[From, To any](all map[string]From, convert func(From) To) map[string]To {
	converted := make(map[string]To, len(all))
	for name, one := range all {
		converted[name] = convert(one)
	}
	return converted
}
