package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
)

// The CLI of most runs has no actions. So an action is invoked over the plugin protocol, by a
// process of its own, which can be killed: this test program, started once more.

// askedForAction is the environment variable that makes the test program such a process. It
// holds the arguments of a refund.
const askedForAction = "CHAOS_REFUND_BY_ACTION"

// actionReport is what such a process prints at its end.
type actionReport struct {
	Progress []string
	Errors   []string
}

// actionCommand prepares the process.
func (w *workspace) actionCommand(refund map[string]string) *exec.Cmd {
	w.t.Helper()
	asked, err := json.Marshal(refund)
	check(w.t, err)
	command := exec.Command(os.Args[0])
	command.Env = slices.Concat(w.command().Env, []string{askedForAction + "=" + string(asked)})
	return command
}

// readReport returns what the process has printed, nil if it was killed before.
func readReport(output []byte) *actionReport {
	_, text, found := bytes.Cut(output, []byte("report: "))
	report := new(actionReport)
	if !found || json.Unmarshal(text, report) != nil {
		return nil
	}
	return report
}

// invokeAsAsked invokes the action, and prints its report.
func invokeAsAsked(asked string) error {
	var refund map[string]string
	if err := json.Unmarshal([]byte(asked), &refund); err != nil {
		return err
	}
	report, err := invokeRefund(context.Background(), refund)
	if err != nil {
		return err
	}
	text, err := json.Marshal(report)
	fmt.Println("report: " + string(text))
	return err
}

func invokeRefund(ctx context.Context, refund map[string]string) (*actionReport, error) {
	server := provider.Server("chaos")()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	settings, err := withTexts(schemas.Provider.ValueType(), nil) // all of them come from the environment
	if err != nil {
		return nil, err
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: settings})
	if err != nil || len(configured.Diagnostics) > 0 {
		return nil, fmt.Errorf("the provider is not configured: %w, %s", err, texts(configured.Diagnostics))
	}
	config, err := withTexts(schemas.ActionSchemas["invoice_refund"].Schema.ValueType(), refund)
	if err != nil {
		return nil, err
	}
	actions, _ := server.(tfprotov6.ActionServer)
	stream, err := actions.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: "invoice_refund", Config: config})
	if err != nil {
		return nil, err
	}
	report := new(actionReport)
	for event := range stream.Events {
		switch one := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			report.Progress = append(report.Progress, one.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			report.Errors = texts(one.Diagnostics)
		}
	}
	return report, nil
}

// withTexts is an object with the given texts. Lists are empty, and all else is null: so is
// the cart of refunds at another gateway.
func withTexts(of tftypes.Type, given map[string]string) (*tfprotov6.DynamicValue, error) {
	object, _ := of.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, inner := range object.AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
		if text, isGiven := given[name]; isGiven {
			values[name] = tftypes.NewValue(tftypes.String, text)
		}
		if inner.Is(tftypes.List{}) && name != "refund_cart" {
			values[name] = tftypes.NewValue(inner, []tftypes.Value{})
		}
	}
	value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	return &value, err
}

func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var all []string
	for _, d := range diagnostics {
		all = append(all, d.Summary+": "+strings.Join(strings.Fields(d.Detail), " "))
	}
	return all
}
