package doctor

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
)

// noPayment is an id that no payment has.
const noPayment = "00000000000000000000000000000000"

// askInvoice asks Invoice API v2, which has no lists.
func (v *visit) askInvoice(ctx context.Context, client *invoiceapi.Client) {
	a, err := v.ask(func() error {
		_, err := client.FindPayment(ctx, noPayment)
		return err
	})
	if o := objectIn(a.json()); o.has("error") && !o.has("id") {
		v.sees("error_status", strconv.Itoa(a.status()))
	}
	if !v.isAccepted(a, err) {
		return
	}
	v.checkAbsence(err)
	for _, alias := range v.wanted(v.options.Aliases, anyID) {
		v.askTerminal(ctx, client, alias)
	}
	for _, id := range v.wanted(v.options.Payments, anyID) {
		v.askPayment(ctx, client, id)
	}
	for _, id := range v.wanted(v.options.Refunds, anyID) {
		v.askRefund(ctx, client, id)
	}
}

func (v *visit) askTerminal(ctx context.Context, client *invoiceapi.Client, alias string) {
	var terminal *invoiceapi.Terminal
	a, err := v.ask(func() (err error) {
		terminal, err = client.FindTerminal(ctx, alias)
		return err
	})
	v.checkObject("terminal", alias, terminal != nil, err)
	if v.fails(a, err) || terminal == nil {
		return
	}
	o := objectIn(a.json())
	v.seeID(o, "id")
	switch o.text("type") {
	case "static", "dynamic":
		v.sees("terminal_types", "static")
	case "statical", "dynamical":
		v.sees("terminal_types", "statical")
	}
	if o.has("alias") && !o.has("canComments") {
		v.sees("terminal_fields", "sdk")
		v.cannotSee("The alias is among the fields of the vendor's SDKs: see terminal_fields.", "terminal_alias")
	} else {
		v.sees("terminal_fields", "guide")
		v.sees("terminal_alias", map[bool]string{true: "shown", false: "omitted"}[o.has("alias")])
	}
	if string(terminal.ID) == alias || terminal.DefaultPrice != nil && terminal.DefaultPrice.IsZero() {
		v.sees("checks", "vendor")
	}
}

var hexID = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (v *visit) seeID(o object, name string) {
	switch id := o.text(name); {
	case o.kind(name) == "number":
		v.sees("ids", "number")
	case hexID.MatchString(id):
		v.sees("ids", "hex")
	case id != "":
		v.sees("ids", "text")
	}
}

func (v *visit) askPayment(ctx context.Context, client *invoiceapi.Client, id string) {
	var payment *invoiceapi.Payment
	find := func(look func(context.Context, string) (*invoiceapi.Payment, error)) (answer, error) {
		return v.ask(func() (err error) {
			payment, err = look(ctx, id)
			return err
		})
	}
	a, err := find(client.FindPayment)
	if (err == nil || isRefusal(err)) && payment == nil {
		a, err = find(client.FindPaymentByOrder) // it may be the order's id
	}
	v.checkObject("payment", id, payment != nil, err)
	if v.fails(a, err) || payment == nil {
		return
	}
	o := objectIn(a.json())
	v.seeID(o, "id")
	switch currency := o.inner("order").text("currency"); {
	case currency == "":
	case currency == strings.ToUpper(currency):
		v.sees("spelling", "as_sent")
	default:
		v.sees("spelling", "php")
	}
	v.seeFailure(payment.Status)
	if utf8.RuneCountInString(string(payment.Order.ID)) > maxOrderID {
		v.sees("checks", "vendor")
	}
	isOver := !payment.Expires.IsZero() && payment.Expires.After(payment.Created.Time) && time.Now().After(payment.Expires.Time)
	switch {
	case payment.Status == invoiceapi.PaymentInit && isOver:
		v.sees("expired", "init")
	case payment.IsFailed() && strings.Contains(o.text("status_description"), "-20"): // «[3, -20]» (guide, section 9.2)
		v.sees("expired", "fail")
	}
}

// maxOrderID is the length of the guide's own sample.
const maxOrderID = 36

func (v *visit) seeFailure(status string) {
	if status == "fail" || status == "error" {
		v.sees("failed_status", status)
	}
}

func (v *visit) askRefund(ctx context.Context, client *invoiceapi.Client, id string) {
	var refund *invoiceapi.Refund
	a, err := v.ask(func() (err error) {
		refund, err = client.FindRefund(ctx, id)
		return err
	})
	v.checkObject("refund", id, refund != nil, err)
	if v.fails(a, err) || refund == nil {
		return
	}
	o := objectIn(a.json())
	v.seeID(o, "id")
	v.seeFailure(refund.Status)
	for _, name := range []string{"create_date", "date_insert"} {
		if o.has(name) {
			v.sees("date_names", name)
		}
	}
}
