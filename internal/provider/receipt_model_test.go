package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

func TestLineTotals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		price, quantity, discount string
		totals                    string // "" means none
	}{
		{"100", "3", "", "300.00"},
		{"0.99", "0.5", "", "0.50"}, // 0.495 rounds half up
		{"0.33", "0.5", "", "0.17"}, // 0.165
		{"0.33", "0.333333", "", "0.11"},
		{"100", "3", "10%", "270.00"},
		{"33.35", "1", "10 %", "30.02"}, // 30.015 is rounded once
		{"10", "1", "12.5%", "8.75"},
		{"10", "1", "12,5%", "8.75"},
		{"10", "1", "100%", "0.00"},
		{"10", "1", "0%", "10.00"},
		{"100", "3", "30", "270.00 210.00"}, // the discount is of the line, or of each unit
		{"100", "3", "100.50", "199.50 -1.50"},
		{"10", "1", "101%", ""},
		{"10", "1", "-1", ""},
		{"10", "1", "ten", ""},
		{"10", "1", "10 руб.", ""},
		{"10", "1", "%", ""},
	} {
		var got []string
		for _, total := range lineTotals(decimal.RequireFromString(test.price), decimal.RequireFromString(test.quantity), test.discount) {
			got = append(got, total.StringFixed(2))
		}
		if text := strings.Join(got, " "); text != test.totals {
			t.Errorf("%s × %s less %q: %q, want %q", test.price, test.quantity, test.discount, text, test.totals)
		}
	}
}

// Terraform does not show where in a list a message belongs, but other readers do.
func TestReceiptLineIsPointedTo(t *testing.T) {
	t.Parallel()
	line := receiptItemModel{Name: types.StringValue("n"), Price: attributes.NewDecimal("10"), Quantity: attributes.NewDecimal("2"), ResultPrice: attributes.NewDecimal("20.01")}
	at := path.Root("receipt").AtListIndex(3).AtName("result_price")
	var diags diag.Diagnostics
	line.warn(at, &diags)
	if len(diags) != 1 {
		t.Fatalf("%v, want one warning", diags)
	}
	if warned, ok := diags[0].(diag.DiagnosticWithPath); !ok || !warned.Path().Equal(at) {
		t.Errorf("%v, want a warning at %s", diags, at)
	}
}

func TestReceiptLineThatDoesNotAddUpIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	line := func(text string) string {
		return strings.Replace(linkConfig, `{ name = "Воронка", price = "500", quantity = 1, result_price = "500" }`, text, 1)
	}
	for text, says := range map[string]string{
		`{ name = "Воронка", price = "250.25", quantity = 2, result_price = "500" }`:                  "the price 250.25 × the quantity 2 is 500.50, rounded to kopecks, and result_price is 500.00",
		`{ name = "Воронка", price = "500", quantity = 1, discount = "10%", result_price = "500" }`:   "less a discount of 10%, is 450.00",
		`{ name = "Воронка", price = "500", quantity = 1, discount = "50", result_price = "500.00" }`: "less a discount of 50, is 450.00",
		`{ name = "Воронка", price = "550", quantity = 1, discount = "50.01", result_price = "500" }`: "is 499.99",
	} {
		w.Write(line(text))
		w.Plan().Succeeds().Warns("A line of the receipt does not add up", "receipt[1].result_price", says, "54-FZ").SaysOnly("A line of the receipt")
	}
	for _, text := range []string{
		`{ name = "Воронка", price = "550", quantity = 1, discount = "50", result_price = "500" }`,
		`{ name = "Воронка", price = "300", quantity = 2, discount = "50", result_price = "500" }`,
		`{ name = "Воронка", price = "7", quantity = 1, discount = "по карте", result_price = "500" }`,
		`{ name = "Воронка", price = terraform_data.x.output, quantity = 1, result_price = "500" }`,
		`{ name = "Воронка", price = "7", quantity = 1, discount = terraform_data.x.output, result_price = "500" }`,
	} {
		w.Write(line(text) + "resource \"terraform_data\" \"x\" {\n  input = \"500\"\n}")
		w.Plan().Succeeds().SaysNothing()
	}
	w.Write(strings.Replace(refundConfig("p"), "result_price = \"", "result_price = \"1", 1))
	w.Plan().Warns("A line of the receipt does not add up")
}
