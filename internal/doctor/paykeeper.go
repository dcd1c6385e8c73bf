package doctor

import (
	"context"
	"errors"
	"mime"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	gateways "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
)

// noInvoiceOfPayKeeper is an id that no invoice has: the gateway is younger.
const noInvoiceOfPayKeeper = "20000101000000000"

var digits = regexp.MustCompile(`\d`)

// payKeeperVisit is what is known of the shop.
type payKeeperVisit struct {
	*visit
	client *paykeeper.Client
	// rows are invoices as they were written, the newest of the list first.
	rows []object
	// serverTime is when they were written.
	serverTime time.Time
}

func (v *visit) askPayKeeper(ctx context.Context, client *paykeeper.Client) {
	k := &payKeeperVisit{visit: v, client: client}
	if !k.askToken(ctx) {
		return
	}
	k.askAbsent(ctx)
	k.askLists(ctx)
	k.askInvoices(ctx)
	k.askSearch(ctx)
	k.askPayments(ctx)
	k.seeRows()
}

// askToken fetches the token twice: once as the provider does, and once more for another
// client. It reports whether the credentials are accepted.
func (k *payKeeperVisit) askToken(ctx context.Context) bool {
	fetch := func(client *paykeeper.Client) (token string, a answer, err error) {
		a, err = k.ask(func() (err error) {
			token, err = client.SecurityToken(ctx)
			return err
		})
		if token != "" {
			k.secrets = append(k.secrets, token)
		}
		return token, a, err
	}
	first, a, err := fetch(k.client)
	if errors.Is(err, paykeeper.ErrWrongLogin) {
		k.sees("paykeeper_login", map[bool]string{true: "html", false: itoa(a.status())}[a.status() == 200])
	}
	if err != nil {
		a.Body = digits.ReplaceAll(a.Body, []byte("0")) // whatever is there, it may be the token
	}
	if !k.isAccepted(a, err) {
		return false
	}
	if err != nil {
		return !k.isRefused("token", err)
	}
	k.sees("paykeeper_token", kind(a.json()))
	label, _, _ := mime.ParseMediaType(a.Response.Header.Get("Content-Type"))
	if name, isKnown := map[string]string{"text/html": "html", "application/json": "json"}[label]; isKnown {
		label = name
	}
	k.sees("paykeeper_content_type", label)
	var diags diag.Diagnostics
	other, isPayKeeper := k.connect(k.gateway.Name(), &diags).(*gateways.Gateway)
	if !isPayKeeper || other.Client == nil {
		return true
	}
	if second, a, err := fetch(other.Client); !k.fails(a, err) && err == nil {
		k.sees("paykeeper_token_kills", map[bool]string{true: "false", false: "true"}[first == second])
	}
	return true
}

// askAbsent asks for an invoice that does not exist.
func (k *payKeeperVisit) askAbsent(ctx context.Context) {
	a, err := k.ask(func() error {
		_, err := k.client.FindInvoice(ctx, noInvoiceOfPayKeeper)
		return err
	})
	if !k.fails(a, err) {
		k.checkAbsence(err)
	}
	if o := objectIn(a.json()); o.text("result") == "fail" {
		k.sees("paykeeper_error_code", map[bool]string{true: "true", false: "false"}[o.has("error_code")])
	}
}

// askInvoices looks at the invoices of the options, or at the newest one of the list.
func (k *payKeeperVisit) askInvoices(ctx context.Context) {
	ids := k.wanted(k.options.Invoices, func(id string) bool { return isDigits(id) && len(id) == len(noInvoiceOfPayKeeper) })
	isNamed := len(ids) > 0
	if !isNamed && len(k.rows) > 0 {
		ids = []string{k.rows[0].text("id")}
	}
	for _, id := range ids {
		var invoice *paykeeper.Invoice
		a, err := k.ask(func() (err error) {
			invoice, err = k.client.FindInvoice(ctx, id)
			return err
		})
		if isNamed {
			k.checkObject("invoice", id, invoice != nil, err)
		}
		if k.fails(a, err) || invoice == nil {
			continue
		}
		k.sees("paykeeper_byid", kind(a.json()))
		k.note(a, objectIn(a.json()))
	}
}

// askSearch searches for what nobody has written.
func (k *payKeeperVisit) askSearch(ctx context.Context) {
	a, err := k.ask(func() error {
		_, err := k.client.SearchInvoices(ctx, "invoice-doctor", time.Now(), time.Now())
		return err
	})
	switch {
	case errors.Is(err, paykeeper.ErrNoSearch):
		k.sees("paykeeper_search", "false")
	case err == nil:
		k.sees("paykeeper_search", "true")
	default:
		k.fails(a, err)
	}
}

// note keeps invoices as they were written.
func (k *payKeeperVisit) note(a answer, rows ...object) {
	k.rows = append(k.rows, rows...)
	k.serverTime = time.Now()
	if date, err := time.Parse(time.RFC1123, a.Response.Header.Get("Date")); err == nil {
		k.serverTime = date
	}
}
