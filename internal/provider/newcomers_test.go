package provider

import (
	"strings"
	"testing"
)

// The configurations of newcomers are right before each mistake. Further lines come in the place of #more.

const newcomersLink = `
resource "invoice_payment_link" "order" {
  terminal_id = "terminal-1"
  amount      = "1500.50"
  order_id    = "order-1"
  receipt = [
    { name = "Воронка", price = "500.50", quantity = 1, result_price = "500.50" },
    { name = "Фильтр", price = "500", quantity = 2, result_price = "1000" },
  ]
  #more
}
`

const newcomersPayKeeper = `
resource "invoice_invoice" "one" {
  amount   = "1500"
  order_id = "order-1"
  paykeeper = {
    service_name = "Ремонт"
    client_email = "buyer@example.com"
    expiry_date  = "2099-12-31"
    cart = [
      { name = "Окно", price = "500", quantity = "2", sum = "1000", tax = "none" },
      { name = "Ручка", price = "500", quantity = "1", sum = "500", tax = "none" },
    ]
    #more
  }
}
`

const newcomersP2P = `
resource "invoice_invoice" "one" {
  amount   = "1000"
  order_id = "order-1"
  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    #more
  }
}
`

const newcomersPayout = `
resource "invoice_invoice" "one" {
  amount   = "700"
  order_id = "payout-1"
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = "2200000000000053" }
    #more
  }
}
`

const newcomersRefundReceipt = `receipt = [
    { name = "Воронка", price = "500", quantity = 1, result_price = "500" },
  ]`

const newcomersRefund = `
resource "invoice_refund" "back" {
  payment_id = "payment-1"
  amount     = "500"
  ` + newcomersRefundReceipt + `
  #more
}
`

const newcomersTerminal = `
resource "invoice_terminal" "branch" {
  alias         = "mira-12"
  name          = "Кофейня"
  type          = "static"
  default_price = "250"
  #more
}
`

const newcomersProvider = newcomersTerminal + `
provider "invoice" {
  max_wait = "1s"
  invoice = {
    merchant_id = "merchant-1"
    api_key     = "key-1"
    base_url    = "https://127.0.0.1:1"
  }
}
`

// mistake puts one text in the place of another one. The one error that the plan makes has all of the
// phrases; the first may be the line that it points to, as in "@amount".
type mistake struct {
	config, right, wrong string
	says                 []string
}

// newcomersFiles are YAML as newcomers write it.
var newcomersFiles = map[string]string{
	"invoice.yaml": "from: 2026-11-01\nuntil: 2099-12-31\n",
	"orders.yaml":  "- id: order-1\n  amount: 1 000,50\n  lines: []\n- id: order-2\n  amount: 5\n  lines: []\n",
}

func newcomersMistakes() map[string]mistake {
	const number, date = "Invalid value", "is not a date"
	fromFile := `yamldecode(file("${path.module}/invoice.yaml")).until`
	ordersOfFile := `
resource "invoice_payment_link" "order" {
  for_each    = { for one in yamldecode(file("${path.module}/orders.yaml")) : one.id => one }
  terminal_id = "terminal-1"
  amount      = each.value.amount
  order_id    = each.key
  receipt     = each.value.lines
}
`
	history := `
data "invoice_history" "november" {
  gateway        = "paykeeper"
  created_after  = "2026-11-01"
  created_before = "2026-11-30"
  #more
}
`
	terminalData := "data \"invoice_terminal\" \"t\" {\n  #more\n}\n"
	return map[string]mistake{
		"no amount":              {newcomersLink, `amount      = "1500.50"`, ``, []string{"Missing required argument", `"amount" is required`}},
		"a null amount":          {newcomersLink, `"1500.50"`, `null`, []string{"@amount", "Missing Configuration for Required Attribute"}},
		"a comma and a space":    {newcomersLink, `"1500.50"`, `"1 500,50"`, []string{"@amount", number, "(write a point, not a comma, and no spaces)"}},
		"a comma":                {newcomersLink, `"1500.50"`, `"1500,50"`, []string{"@amount", number, "(write a point, not a comma)"}},
		"a space":                {newcomersTerminal, `"250"`, `"1 250"`, []string{"@default_price", number, "(write no spaces)"}},
		"a sign of a currency":   {newcomersTerminal, `"250"`, `"250₽"`, []string{"@default_price", number, "is not a decimal number"}},
		"a negative amount":      {newcomersLink, `"1500.50"`, `"-1500.50"`, []string{"@amount", number, "is negative"}},
		"an amount of zero":      {newcomersLink, `"1500.50"`, `0`, []string{"@amount", number, "is zero"}},
		"three decimals":         {newcomersLink, `"1500.50"`, `1500.505`, []string{"@amount", number, "more decimals than allowed"}},
		"an empty amount":        {newcomersLink, `"1500.50"`, `""`, []string{"@amount", number}},
		"a list for a text":      {newcomersLink, `"1500.50"`, `["1500.50"]`, []string{"@amount", "Incorrect attribute value type", "string required"}},
		"RUR":                    {newcomersLink, `#more`, `currency = "RUR"`, []string{"@currency", "Invalid Attribute Value Match", `"RUB"`, `"RUR"`}},
		"a mistyped name":        {newcomersLink, `#more`, `summa = "1"`, []string{"@summa", "Unsupported argument"}},
		"an empty order id":      {newcomersLink, `"order-1"`, `""`, []string{"@order_id", "Invalid Attribute Value Length", "between 1 and 36"}},
		"a blank order id":       {newcomersLink, `"order-1"`, `"  "`, []string{"@order_id", "Invalid value", "is blank"}},
		"a long order id":        {newcomersLink, `"order-1"`, `"` + strings.Repeat("9", 37) + `"`, []string{"@order_id", "Invalid Attribute Value Length", "got: 37"}},
		"an empty alias":         {newcomersTerminal, `"mira-12"`, `""`, []string{"@alias", "Invalid Attribute Value Length", "between 1 and 50"}},
		"an unknown word":        {newcomersLink, `#more`, `transaction_type = "pay"`, []string{"@transaction_type", "Invalid Attribute Value Match", `"hold"`}},
		"a capital letter":       {newcomersTerminal, `"static"`, `"Static"`, []string{"@type", "Invalid Attribute Value Match", `"static"`}},
		"a URL without https":    {newcomersLink, `#more`, `success_url = "example.com/thanks"`, []string{"@success_url", "Invalid value", "does not begin with"}},
		"an object for JSON":     {newcomersLink, `#more`, `custom_parameters = { customer = "42" }`, []string{"@custom_parameters", "Incorrect attribute value type"}},
		"no JSON":                {newcomersLink, `#more`, `custom_parameters = "customer=42"`, []string{"@custom_parameters", "Invalid JSON String Value"}},
		"a line without a price": {newcomersLink, `price = "500", `, ``, []string{"@receipt", "Incorrect attribute value type", "element 1", `"price" is required`}},
		"a line with a comma":    {newcomersLink, `price = "500", `, `price = "500,00", `, []string{"@receipt", "Invalid value", "receipt[1].price", "not a comma"}},
		"a negative line":        {newcomersLink, `"1000"`, `"-1000"`, []string{"@receipt", "Invalid value", "receipt[1].result_price", "is negative"}},
		"a comma in YAML":        {ordersOfFile, ``, ``, []string{"@amount", "Invalid value", `"1 000,50"`}},

		"two gateways":            {newcomersPayKeeper, "paykeeper = {", "p2p = { direction = \"in\", notification_url = \"https://shop.example.com\", notification_token = \"t\" }\n  paykeeper = {", []string{"@p2p", "An invoice has one gateway"}},
		"no gateway":              {"resource \"invoice_invoice\" \"one\" {\n  amount = \"5\"\n}\n", ``, ``, []string{"An invoice needs a gateway"}},
		"a date without quotes":   {newcomersPayKeeper, `"2099-12-31"`, `2099-12-31`, []string{"@paykeeper", "paykeeper.expiry_date", date, "without quotes is a subtraction"}},
		"a date of YAML":          {newcomersPayKeeper, `"2099-12-31"`, fromFile, []string{"@paykeeper", "paykeeper.expiry_date", date, "YAML makes one of a date without quotes", "'2099-12-31'"}},
		"a Russian date":          {newcomersPayKeeper, `"2099-12-31"`, `"31.12.2099"`, []string{"@paykeeper", "paykeeper.expiry_date", date, `write "2099-12-31"`}},
		"a day in the past":       {newcomersPayKeeper, `"2099-12-31"`, `"2020-12-31"`, []string{"@paykeeper", "The invoice could never be paid"}},
		"no address of a mail":    {newcomersPayKeeper, `"buyer@example.com"`, `"buyer"`, []string{"@paykeeper", "paykeeper.client_email", "is not an e-mail address"}},
		"nobody to mail to":       {newcomersPayKeeper, `client_email = "buyer@example.com"`, `send = true`, []string{"@paykeeper", "An invoice without an e-mail address cannot be sent"}},
		"a word for a bool":       {newcomersPayKeeper, `#more`, `send = "yes"`, []string{"@paykeeper", "Incorrect attribute value type"}},
		"a line without a name":   {newcomersPayKeeper, `name = "Ручка", `, ``, []string{"@paykeeper", "Incorrect attribute value type", "element 1"}},
		"a cart with a comma":     {newcomersPayKeeper, `sum = "500"`, `sum = "500,00"`, []string{"@paykeeper", "paykeeper.cart[1].sum", "not a comma"}},
		"a cart with a wrong sum": {newcomersPayKeeper, `sum = "500"`, `sum = "400"`, []string{"@paykeeper", "The cart does not add up"}},
		"a tax in per cent":       {newcomersPayKeeper, `sum = "500", tax = "none"`, `sum = "500", tax = "20%"`, []string{"@paykeeper", "paykeeper.cart[1].tax", `"vat20"`}},

		"no direction":           {newcomersP2P, `direction          = "in"`, ``, []string{"@p2p", "Incorrect attribute value type", `"direction" is required`}},
		"an unknown direction":   {newcomersP2P, `"in"`, `"incoming"`, []string{"p2p.direction", "Invalid Attribute Value Match"}},
		"no token":               {newcomersP2P, `notification_token = "the-hook-token"`, ``, []string{"Invalid Attribute Combination", "p2p.notification_token"}},
		"max_amount below":       {newcomersP2P, `#more`, `max_amount = "500"`, []string{"max_amount is below amount"}},
		"a payout without order": {newcomersPayout, `order_id = "payout-1"`, ``, []string{"A payout needs an order_id"}},
		"a payout to nobody":     {newcomersPayout, `payment_requisites = { requisites = "2200000000000053" }`, ``, []string{"A payout needs to know where the money goes"}},

		"no receipt":            {newcomersRefund, newcomersRefundReceipt, ``, []string{"A refund of this gateway needs a receipt"}},
		"a sequence from zero":  {newcomersRefund, `#more`, `sequence = 0`, []string{"@sequence", "must be at least 1"}},
		"a gateway without":     {newcomersRefund, `#more`, `gateway = "p2p"`, []string{"@gateway", "Invalid Attribute Value Match"}},
		"a period upside down":  {history, `"2026-11-30"`, `"2026-10-31"`, []string{"@created_before", "The period ends before it begins"}},
		"a history from YAML":   {history, `"2026-11-01"`, strings.Replace(fromFile, "until", "from", 1), []string{"@created_after", "A day is needed", "YAML makes one"}},
		"a Russian period":      {history, `"2026-11-01"`, `"01.11.2026"`, []string{"@created_after", "Invalid value", "neither a date nor a moment"}},
		"two keys":              {terminalData, `#more`, "alias = \"a\"\n  id = \"b\"", []string{"@alias", "Invalid Attribute Combination"}},
		"no key":                {terminalData, ``, ``, []string{"Invalid Attribute Combination"}},
		"http":                  {newcomersProvider, `"https://127.0.0.1:1"`, `"http://pay.example.com"`, []string{"Invalid value", "invoice.base_url", "would send credentials over plain http"}},
		"no key of the gateway": {newcomersProvider, `api_key     = "key-1"`, ``, []string{"Invoice API v2 is not configured", "invoice.api_key (or INVOICE_API_KEY)"}},
		"a key with a space":    {newcomersProvider, `"key-1"`, `"key-1 "`, []string{"Invalid value", "invoice.api_key", "holds a space or a line break"}},
		"a wait of no units":    {newcomersProvider, `"1s"`, `1`, []string{"@max_wait", "Invalid value", "is not a positive duration"}},
		"too many retries":      {newcomersProvider, `max_wait = "1s"`, `max_retries = 50`, []string{"@max_retries", "Invalid Attribute Value"}},
		"an outgoing sum":       {newcomersProvider, `max_wait = "1s"`, `max_outgoing = "100 000"`, []string{"@max_outgoing", "Invalid value", "write no spaces"}},
		"a timeout of no units": {newcomersLink, `#more`, "timeouts {\n    create = \"5\"\n  }", []string{"@create", "timeouts.create", "is not a positive duration"}},
	}
}

func TestOneMistakeIsOneError(t *testing.T) {
	for name, c := range newcomersMistakes() {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			for file, text := range newcomersFiles {
				w.WriteFile(file, text)
			}
			config := c.config
			if c.right != "" {
				if !strings.Contains(config, c.right) {
					t.Fatalf("the configuration lacks %q", c.right)
				}
				config = strings.Replace(config, c.right, c.wrong, 1)
			}
			w.Write(config)
			if r := w.Plan().Fails(c.says...); len(r.Messages) != 1 {
				t.Errorf("%d messages, want one:\n%s", len(r.Messages), r)
			}
		})
	}
}
