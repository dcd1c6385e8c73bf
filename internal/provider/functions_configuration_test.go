package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// receiptLocals makes lines with numbers, texts, a null of a variable, and what HCL computed.
const receiptLocals = `
variable "no_discount" {
  type    = string
  default = null
}
locals {
  lines = [
    provider::invoice::receipt_line("Эфиопия", 2190, 0.755, "10%"),
    provider::invoice::receipt_line("Бразилия", "1205.00", 0.1 + 0.2, var.no_discount),
    provider::invoice::receipt_line("Воронка", 500 * 1.1, 1, 50),
    provider::invoice::receipt_line("Фильтр", 1.1 * 1.1, "2", null),
    { name = "Доставка", price = 300, quantity = 1, result_price = 300, discount = null },
    { name = "Пакет", price = "5.5", quantity = "1", result_price = "5.5" },
  ]
}
`

const receiptLines = `[
  {"name":"Эфиопия","price":2190,"discount":"10%","resultPrice":1488.11,"quantity":0.755},
  {"name":"Бразилия","price":1205,"resultPrice":361.5,"quantity":0.3},
  {"name":"Воронка","price":550,"discount":"50.00","resultPrice":500,"quantity":1},
  {"name":"Фильтр","price":1.21,"resultPrice":2.42,"quantity":2},
  {"name":"Доставка","price":300,"resultPrice":300,"quantity":1},
  {"name":"Пакет","price":5.5,"resultPrice":5.5,"quantity":1}
]`

// sentReceipt checks the receipt of the only call of an operation.
func sentReceipt(w *clitest.Workspace, operation string) {
	w.T.Helper()
	var sent, want struct{ Receipt []map[string]any }
	calls := w.Sandbox.Requests(operation)
	if len(calls) != 1 {
		w.T.Fatalf("%d calls of %s", len(calls), operation)
	}
	w.Must(json.Unmarshal([]byte(calls[0].Body), &sent))
	w.Must(json.Unmarshal([]byte(`{"receipt":`+receiptLines+`}`), &want))
	if len(sent.Receipt) != len(want.Receipt) {
		w.T.Fatalf("%s: %v", operation, sent.Receipt)
	}
	for i, line := range sent.Receipt {
		if line["discount"] == "" {
			delete(line, "discount")
		}
		if !maps.Equal(line, want.Receipt[i]) {
			w.T.Errorf("%s: line %d is %v, want %v", operation, i, line, want.Receipt[i])
		}
	}
}

// A link and its refund take the lines and their total. Nothing warns, and nothing changes later.
func TestReceiptFunctionsInResources(t *testing.T) {
	clitest.NeedCLI(t, clitest.ProviderFunctions) // without it, TestReceiptLine and TestReceiptTotal call them over the protocol
	w := newWorkspace(t)
	link := receiptLocals + linkTerminal + `
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  order_id    = "order-1"
  amount      = provider::invoice::receipt_total(local.lines)
  receipt     = local.lines
}
`
	w.Write(link)
	w.Plan().Succeeds().SaysNothing()
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(linkAddress, map[string]any{"amount": "2657.53"})
	sentReceipt(w, "CreatePayment")
	id := payLink(w)

	w.Write(link + fmt.Sprintf(`
resource "invoice_refund" "back" {
  payment_id = %q
  amount     = provider::invoice::receipt_total(invoice_payment_link.order.receipt)
  receipt    = local.lines
}
`, id))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.StateHas(refundAddress, map[string]any{"amount": "2657.53"})
	sentReceipt(w, "CreateRefund")
}

// What is unknown in the plan is computed in the apply.
func TestReceiptFunctionsOfUnknownValues(t *testing.T) {
	clitest.NeedCLI(t, clitest.ProviderFunctions)
	w := newWorkspace(t)
	w.Write(linkTerminal + `
resource "terraform_data" "price" {
  input = "100.50"
}
locals {
  lines = [
    provider::invoice::receipt_line("Кофе", terraform_data.price.output, 3),
    provider::invoice::receipt_line("Чай", 1, 1),
  ]
}
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  order_id    = "order-1"
  amount      = provider::invoice::receipt_total(local.lines)
  receipt     = local.lines
}
`)
	w.Plan().Succeeds().SaysNothing()
	w.Apply().Succeeds().SaysNothing()
	w.StateHas(linkAddress, map[string]any{"amount": "302.50"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

// PayKeeper's cart takes the lines under its own names.
func TestReceiptFunctionsInACart(t *testing.T) {
	clitest.NeedCLI(t, clitest.ProviderFunctions)
	w := newWorkspace(t)
	w.Write(receiptLocals + `
locals {
  cart = [for l in local.lines : { name = l.name, price = l.price, quantity = l.quantity, sum = l.result_price, tax = "vat20" }]
}
resource "invoice_invoice" "one" {
  amount = provider::invoice::receipt_total(local.cart)
  paykeeper = {
    service_name = "Заказ"
    cart         = local.cart
  }
}
output "sbp" {
  value = provider::invoice::with_payment_system(invoice_invoice.one.url, "sbp_default")
}
`)
	w.Plan().Succeeds().SaysNothing()
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(invoiceAddress, map[string]any{"amount": "2657.53"})
	if sbp := w.MustExec("output", "-raw", "sbp"); sbp != fmt.Sprint(w.Attributes(invoiceAddress)["url"])+"?pstype=sbp_default" {
		t.Errorf("the link is %s", sbp)
	}
}

func TestFunctionsOnTheCLI(t *testing.T) {
	clitest.NeedCLI(t, clitest.ProviderFunctions)
	w := newWorkspace(t)
	w.Write(receiptLocals + `
variable "secret" {
  type      = string
  sensitive = true
  default   = "12.30"
}
locals {
  secret = provider::invoice::receipt_line("n", var.secret, 1)
}
output "results" {
  value = {
    total    = provider::invoice::receipt_total(local.lines)
    list     = provider::invoice::receipt_total(tolist(slice(local.lines, 0, 4)))
    none     = provider::invoice::receipt_total([])
    decline  = provider::invoice::decline_reason("Отказ [2, 51]").description_ru
    unknown  = provider::invoice::decline_reason("[9, 9]") == null
    null     = provider::invoice::decline_reason(null) == null
    svg      = startswith(provider::invoice::qr_svg("https://example.com"), "<svg ")
    png      = startswith(provider::invoice::qr_png_base64("https://example.com"), "iVBORw0KGgo")
    marked   = issensitive(local.secret)
    secret   = nonsensitive(local.secret).result_price
    marks    = issensitive(provider::invoice::receipt_total([local.secret]))
    tiny     = provider::invoice::receipt_line("n", 1000000, 0.000001).quantity
    huge     = provider::invoice::receipt_line("n", 999999999999999.99, 1).result_price
  }
}
`)
	w.Apply().Succeeds().SaysNothing()
	var got map[string]any
	w.Must(json.Unmarshal([]byte(w.MustExec("output", "-json", "results")), &got))
	want := map[string]any{
		"total": "2657.53", "list": "2352.03", "none": "0.00", "decline": "На балансе карты недостаточно средств",
		"unknown": true, "null": true, "svg": true, "png": true, "marked": true, "secret": "12.30", "marks": true, "tiny": "0.000001", "huge": "999999999999999.99",
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for call, says := range map[string]string{
		`receipt_line("n", -5, 1)`:                               `Invalid value for "price" parameter: the value "-5" is negative. It must be a positive decimal`,
		`receipt_line("n", 1/3, 1)`:                              "has more decimals than allowed",
		`receipt_line("n", 1, 1, "101%")`:                        `Invalid value for "discount" parameter: the discount 101% is more than 100%.`,
		`receipt_line("n", 1, 1, 1, 2)`:                          "2 discounts were given",
		`receipt_line(null, 1, 1)`:                               "null",
		`receipt_total([{ name = "Чай", price = 5 }])`:           `Invalid value for "lines" parameter: lines[0] ("Чай") has no result_price`,
		`receipt_total(local.lines[0])`:                          "not a list of lines",
		`receipt_total(toset(slice(local.lines, 0, 4)))`:         "a set drops equal lines; give a list",
		`with_payment_system("bill/1", "sbp")`:                   `"bill/1" does not begin with http:// or https://`,
		`qr_svg("")`:                                             "the content is empty",
		`qr_png_base64(join("", [for i in range(1000) : "шт"]))`: "the content has 4000 bytes",
	} {
		w.Write(receiptLocals + "output \"it\" {\n  value = provider::invoice::" + call + "\n}\n")
		w.Plan().Fails("@"+strings.Split(call, "(")[0], says)
	}
}
