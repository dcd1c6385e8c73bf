package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// A resource may say for how long an operation on it goes on. The server sees to it, for all
// resources and before anything is decoded: [stoppingServer] bounds each request.

const blockTimeouts = "timeouts"

// Operations that have a time-out. An update has none: most call nothing.
const (
	operationCreate = "create"
	operationRead   = "read"
	operationDelete = "delete"
)

// timeoutsBlock is the block of a resource.
func timeoutsBlock(ctx context.Context) map[string]schema.Block {
	const limit = ", such as `30s` or `2m`. The provider setting `max_wait` ends it as well: the shorter one counts."
	block, _ := timeouts.Block(ctx, timeouts.Opts{ // what it always is
		Create: true, CreateDescription: "The maximum duration of creating it, with all calls, repetitions, pauses and look-ups" + limit,
		Read: true, ReadDescription: "The maximum duration of reading it in a refresh" + limit,
		Delete: true, DeleteDescription: "The maximum duration of destroying it" + limit + " It counts once it was applied.",
	}).(schema.SingleNestedBlock)
	block.MarkdownDescription = "How long operations may take. Waiting because of `requests_per_second` does not count. An update is bounded by `max_wait` alone. " +
		"What was under way when the time is over may have happened, and is treated so. Changing the block calls nothing."
	for name, attribute := range block.Attributes {
		text, _ := attribute.(schema.StringAttribute)                 // what all of them are
		text.Validators = []validator.String{attributes.IsDuration()} // the library's allows 0s and less
		text.MarkdownDescription, text.Description = text.Description, ""
		block.Attributes[name] = text
	}
	return map[string]schema.Block{blockTimeouts: block}
}

// timeLimit bounds an operation; its zero value does not.
type timeLimit struct {
	duration time.Duration
	setting  string // where it is set, for errors
}

// timeoutOf returns what the block of a resource says of an operation.
func timeoutOf(resource wire.Object, operation string) timeLimit {
	duration, err := time.ParseDuration(resource.Object(blockTimeouts).String(operation).ValueString())
	if err != nil || duration <= 0 {
		return timeLimit{}
	}
	return timeLimit{duration, blockTimeouts + "." + operation}
}

// timeoutOfChange is [timeoutOf] for an apply. The plan has the block of what is created, the
// state that of what is destroyed.
func timeoutOfChange(prior, planned wire.Object) timeLimit {
	switch {
	case prior == nil:
		return timeoutOf(planned, operationCreate)
	case planned == nil:
		return timeoutOf(prior, operationDelete)
	}
	return timeLimit{}
}

// shorter returns the one that ends first.
func (l timeLimit) shorter(other timeLimit) timeLimit {
	if l.duration <= 0 || other.duration > 0 && other.duration < l.duration {
		return other
	}
	return l
}
