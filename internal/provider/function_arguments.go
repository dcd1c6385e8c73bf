package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// functionsNeed says which CLIs call functions.
const functionsNeed = "Functions need Terraform 1.8 or OpenTofu 1.7, so every supported CLI has them."

// problemOf is the error of an argument that is not allowed, and nil for one that is. The CLI
// puts the name of the parameter in front and a full stop behind.
func problemOf(argument int64, text string, rule attributes.TextValidator) *function.FuncError {
	problem := rule.Problem(text)
	if problem == "" {
		return nil
	}
	return function.NewArgumentFuncError(argument, "the value "+problem+". It "+rule.Allowed)
}

// readNumber reads the decimal number that an argument holds.
func readNumber(argument int64, text string, rule attributes.TextValidator) (decimal.Decimal, *function.FuncError) {
	text = withoutNoise(text)
	if problem := problemOf(argument, text, rule); problem != nil {
		return decimal.Decimal{}, problem
	}
	number, err := values.ParseDecimal(text)
	if err != nil {
		return decimal.Decimal{}, function.NewArgumentFuncError(argument, err.Error())
	}
	return number.Decimal, nil
}

// readNumberIfKnown is nil for a number that is unknown yet.
func readNumberIfKnown(argument int64, text types.String, rule attributes.TextValidator) (*decimal.Decimal, *function.FuncError) {
	if text.IsUnknown() {
		return nil, nil
	}
	number, problem := readNumber(argument, text.ValueString(), rule)
	return &number, problem
}

// withoutNoise undoes what HCL's arithmetic does to decimals. It computes with binary numbers of
// 512 bits, so 1.1 * 1.1 is 1.21 with an error in the 154th decimal. Nobody writes 100 decimals.
func withoutNoise(text string) string {
	const decimals, maxLength = 100, 400
	if _, fraction, _ := strings.Cut(text, "."); len(fraction) <= decimals || len(text) > maxLength {
		return text
	}
	number, err := decimal.NewFromString(text)
	if err != nil {
		return text
	}
	return number.Round(decimals).String()
}
