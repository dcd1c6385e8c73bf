package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// caller calls functions as a CLI does, without a CLI.
type caller struct {
	t       testing.TB
	server  tfprotov6.ProviderServer
	defined map[string]*tfprotov6.Function
}

// newCaller does not configure the provider: CLIs call functions of an unconfigured one.
func newCaller(t testing.TB) *caller {
	t.Helper()
	server := newServer(testProvider())
	resp, err := server.GetFunctions(context.Background(), &tfprotov6.GetFunctionsRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return &caller{t: t, server: server, defined: resp.Functions}
}

// call encodes each argument for its parameter. A nil one is a null, as OpenTofu sends it.
func (c *caller) call(name string, arguments ...any) (tftypes.Value, *tfprotov6.FunctionError) {
	c.t.Helper()
	function := c.defined[name]
	if function == nil {
		c.t.Fatalf("there is no function %s", name)
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		parameter := function.VariadicParameter
		if i < len(function.Parameters) {
			parameter = function.Parameters[i]
		}
		var encoded *tfprotov6.DynamicValue
		if argument != nil {
			value, isValue := argument.(tftypes.Value)
			if !isValue {
				value = tftypes.NewValue(tftypes.String, argument)
			}
			one, err := tfprotov6.NewDynamicValue(parameter.Type, value)
			if err != nil {
				c.t.Fatal(err)
			}
			encoded = &one
		}
		req.Arguments = append(req.Arguments, encoded)
	}
	resp, err := c.server.CallFunction(context.Background(), req)
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	result, err := resp.Result.Unmarshal(function.Return.Type)
	if err != nil {
		c.t.Fatal(err)
	}
	return result, nil
}

// text is the result of a function that gives one.
func (c *caller) text(name string, arguments ...any) string {
	c.t.Helper()
	result, problem := c.call(name, arguments...)
	if problem != nil {
		c.t.Fatalf("%s(%v): %s", name, arguments, problem.Text)
	}
	var text string
	if err := result.As(&text); err != nil {
		c.t.Fatal(err)
	}
	return text
}

// fields is the result of a function that gives an object of texts; a null is "-".
func (c *caller) fields(name string, arguments ...any) map[string]string {
	c.t.Helper()
	result, problem := c.call(name, arguments...)
	if problem != nil {
		c.t.Fatalf("%s(%v): %s", name, arguments, problem.Text)
	}
	var values map[string]tftypes.Value
	if err := result.As(&values); err != nil {
		c.t.Fatal(err)
	}
	fields := map[string]string{}
	for key, value := range values {
		text := "-"
		if !value.IsNull() {
			_ = value.As(&text)
		}
		fields[key] = text
	}
	return fields
}

// fails wants an error at an argument. The CLI ends it with a full stop.
func (c *caller) fails(at int64, says, name string, arguments ...any) {
	c.t.Helper()
	result, problem := c.call(name, arguments...)
	switch {
	case problem == nil:
		c.t.Errorf("%s(%v) = %s, want an error", name, arguments, result)
	case problem.FunctionArgument == nil || *problem.FunctionArgument != at:
		c.t.Errorf("%s(%v): %s: not at the argument %d", name, arguments, problem.Text, at)
	case !strings.Contains(problem.Text, says) || strings.HasSuffix(problem.Text, "."):
		c.t.Errorf("%s(%v): %q, want %q and no full stop", name, arguments, problem.Text, says)
	}
}

// Whoever reads the docs of a function finds what each argument is, and which CLI calls it.
func TestFunctionsAreDescribed(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for _, name := range []string{"receipt_line", "receipt_total", "decline_reason", "qr_svg", "qr_png_base64", "with_payment_system"} {
		function := c.defined[name]
		if function == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		if function.Summary == "" || !strings.Contains(function.Description, "Terraform 1.8") || !strings.Contains(function.Description, "Without this one") {
			t.Errorf("%s: %q, %q", name, function.Summary, function.Description)
		}
		parameters := function.Parameters
		if function.VariadicParameter != nil {
			parameters = append(parameters, function.VariadicParameter)
		}
		for _, parameter := range parameters {
			if parameter.Description == "" {
				t.Errorf("%s: %s is not described", name, parameter.Name)
			}
		}
	}
	if len(c.defined) != 6 {
		t.Errorf("%d functions", len(c.defined))
	}
}

func TestDeclineReasonFunction(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for _, text := range []string{"[2, 51]", "2,51", "[2,51]", "Отказ банка [2, 51] Not sufficient funds", " 2, 51\n"} {
		got := c.fields("decline_reason", text)
		if len(got) != 6 || got["code"] != "[2, 51]" || got["name"] != "Not sufficient funds" ||
			got["description"] != "There is not enough money on the card" || got["description_ru"] != "На балансе карты недостаточно средств" ||
			!strings.Contains(got["cause"], "at most 1%") || !strings.Contains(got["cause_ru"], "в пределах 1%") {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := c.fields("decline_reason", "[2, 91]"); got["description"] != "The issuer is not available" || got["cause"] != "-" || got["cause_ru"] != "-" {
		t.Errorf("a code without a cause: %v", got)
	}
	for _, text := range []any{"", "Оплачено", "[2, 99]", "списано 2,51 руб.", tftypes.NewValue(tftypes.String, nil), nil} {
		if got, problem := c.call("decline_reason", text); problem != nil || !got.IsNull() {
			t.Errorf("%v: %v, %v; want a null", text, got, problem)
		}
	}
}
