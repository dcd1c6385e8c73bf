package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// A list that breaks off says so after what was read.
func TestListThatFails(t *testing.T) {
	t.Parallel()
	pages := 0
	s := newListedShop(t, 300, func(operation, body string) string {
		if operation == "list" {
			pages++
		}
		if pages > 1 {
			return `{"result":"fail","msg":"Нет прав на просмотр счетов"}`
		}
		return body
	})
	all := s.all(ofPayKeeper(nil), false, 1000)
	last := all[len(all)-1]
	if len(ids(all)) < 80 || last.id != "" || len(last.diagnostics) != 1 || last.diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError ||
		last.diagnostics[0].Summary != "Cannot list the invoices of paykeeper" || !strings.Contains(last.diagnostics[0].Detail, "Нет прав") {
		t.Errorf("%d invoices, then %+v", len(ids(all)), last)
	}
	s = newListedShop(t, 1, nil)
	s.box.Inject(sandbox.Fault{Operation: "paykeeper.list", Kind: sandbox.FaultStatus, Status: http.StatusUnauthorized})
	if all := s.all(ofPayKeeper(nil), false, 10); len(all) != 1 || !strings.Contains(all[0].diagnostics[0].Detail, "INVOICE_PAYKEEPER_PASSWORD") {
		t.Errorf("a wrong login: %+v", all)
	}
}

// What cannot be imported is a warning, and the list goes on.
func TestListGoesOnAfterABadRow(t *testing.T) {
	t.Parallel()
	var bad string
	for name, c := range map[string]struct {
		rewrite  func(operation, body string) string
		isListed bool
		says     string
	}{
		"revoked": {func(_, body string) string {
			return withRow(body, bad, "status", "expired", "expiry_datetime", "2099-01-01 00:00:00")
		}, false, "so it was revoked"},
		"not found":            {ofStrangeStatus(&bad, "Счёт не найден."), false, "is not found by its id"},
		"refused":              {ofStrangeStatus(&bad, "Счёт закрыт для просмотра"), false, "Счёт закрыт для просмотра"},
		"with a wrong address": {func(_, body string) string { return withRow(body, bad, "client_email", "nobody") }, true, `a paykeeper.client_email that no configuration can have`},
		"with a wrong cart": {func(_, body string) string {
			return withRow(body, bad, "service_name", `{"service_name":"x","cart":[{"name":"x","price":1,"quantity":1,"sum":1,"tax":"vat18"}]}`)
		}, true, `a paykeeper.cart that no configuration can have`},
		"without an amount": {func(_, body string) string { return withRow(body, bad, "pay_amount", "") }, true, "Write its amount into the configuration"},
	} {
		bad = "none"
		s := newListedShop(t, 60, c.rewrite)
		bad = s.importable(func(i paykeeper.Invoice) bool { return i.Status == "sent" })[1]
		all := s.all(ofPayKeeper(nil), true, 1000)
		var warned []listedResult
		for _, one := range all {
			if len(one.diagnostics) > 0 && strings.Contains(one.diagnostics[0].Detail, bad) {
				warned = append(warned, one)
			}
		}
		if len(warned) != 1 || warned[0].diagnostics[0].Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(warned[0].diagnostics[0].Detail, c.says) ||
			(warned[0].id != "") != c.isListed {
			t.Errorf("%s: %+v", name, warned)
		}
		if strings.HasPrefix(name, "with a ") && regexp.MustCompile("nobody|vat18").MatchString(fmt.Sprint(warned[0].resource["paykeeper"])) {
			t.Errorf("%s: %v", name, warned[0].resource["paykeeper"])
		}
		want := s.importable(func(i paykeeper.Invoice) bool { return c.isListed || i.ID != bad })
		if got := ids(all); len(got) != len(want) {
			t.Errorf("%s: %d are listed, want %d", name, len(got), len(want))
		}
	}
}

// withRow changes the fields of an invoice in an answer that has it.
func withRow(body, id string, fields ...string) string {
	var rows []map[string]any
	isObject := json.Unmarshal([]byte(body), &rows) != nil
	if isObject {
		rows = make([]map[string]any, 1)
		_ = json.Unmarshal([]byte(body), &rows[0])
	}
	for _, row := range rows {
		for n := 0; row["id"] == id && n < len(fields); n += 2 {
			row[fields[n]] = fields[n+1]
		}
	}
	changed, _ := json.Marshal(rows)
	if isObject {
		changed, _ = json.Marshal(rows[0])
	}
	return string(changed)
}

// ofStrangeStatus lists an invoice with a status that nobody knows, so that it is read by its
// id, which the gateway refuses.
func ofStrangeStatus(id *string, refusal string) func(operation, body string) string {
	return func(operation, body string) string {
		if operation == "byid" && strings.Contains(body, *id) {
			return `{"result":"fail","msg":"` + refusal + `"}`
		}
		return withRow(body, *id, "status", "unheard")
	}
}

// A server whose list shows less than byid has each invoice read by its id.
func TestListDoesNotTrustPoorRows(t *testing.T) {
	t.Parallel()
	s := newListedShop(t, 40, func(operation, body string) string {
		if operation == "list" {
			return regexp.MustCompile(`"client_email":"[^"]*",`).ReplaceAllString(body, "")
		}
		return body
	})
	all := s.all(ofPayKeeper(nil), true, 1000)
	if reads := len(s.box.Requests("paykeeper.byid")); reads < len(ids(all)) {
		t.Errorf("%d of %d were read by their ids", reads, len(ids(all)))
	}
	emails := 0
	for _, one := range all {
		if strings.Contains(fmt.Sprint(one.resource["paykeeper"]), "@") {
			emails++
		}
	}
	if emails < len(ids(all))/2 {
		t.Errorf("%d of %d have their address", emails, len(ids(all)))
	}
}
