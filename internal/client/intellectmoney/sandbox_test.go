package intellectmoney_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
)

// The client and the sandbox are two independent readings of the documents, including the
// signatures. Here they meet in every dialect.

func meet(t *testing.T, maxInvoices int, settings ...string) (*intellectmoney.Client, *clienttest.Box) {
	t.Helper()
	box := clienttest.Sandbox(t, gateways.Options{IntellectMoney: sandboxintellectmoney.Options{MaxInvoices: maxInvoices}}, settings...)
	return intellectmoney.New(box.URL+"/intellectmoney", sandboxintellectmoney.DemoBearerToken, sandboxintellectmoney.DemoSignSecretKey,
		intellectmoney.Credentials{Login: sandboxintellectmoney.DemoLogin, Password: sandboxintellectmoney.DemoPassword}, clienttest.Quick(nil)), box
}

func TestHistoryOnTheSandbox(t *testing.T) {
	dialects := [][]string{nil}
	var all []string
	for _, one := range gateways.Switches {
		if strings.HasPrefix(one.Name, "intellectmoney_") {
			for _, value := range one.Values[1:] {
				dialects, all = append(dialects, []string{one.Name + "=" + value}), append(all, one.Name+"="+value)
			}
		}
	}
	for _, dialect := range append(dialects, all) {
		t.Run(strings.Join(dialect, ","), func(t *testing.T) {
			c, box := meet(t, 60, dialect...)
			if err := box.SeedHistory(150, 7); err != nil {
				t.Fatal(err)
			}
			made, err := box.IntellectMoney.Invoices.All()
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := c.History(t.Context(), intellectmoney.Filter{HoldingSearch: true, Transactions: true})
			if err != nil {
				t.Fatal(err)
			}
			want, transactions := decimal.Zero, map[string]int{}
			for _, one := range made {
				want = want.Add(decimal.RequireFromString(one.Amount))
				transactions[one.ID] = len(one.Transactions)
			}
			sum := decimal.Zero
			for i, one := range got {
				sum = sum.Add(one.Amount.Amount.Decimal)
				if len(one.Transactions) != transactions[string(one.ID)] {
					t.Errorf("invoice %s: %d transactions, want %d", one.ID, len(one.Transactions), transactions[string(one.ID)])
				}
				if i > 0 && one.Created.After(got[i-1].Created.Time) {
					t.Fatalf("invoice %s is newer than the one before it", one.ID)
				}
			}
			if len(got) != len(made) || !sum.Equal(want) {
				t.Errorf("%d invoices of %s, want %d of %s", len(got), sum, len(made), want)
			}
			one, err := c.FindInvoice(t.Context(), made[0].ID)
			if err != nil || one == nil || string(one.ID) != made[0].ID {
				t.Errorf("one: %+v, %v", one, err)
			}
			if one, err = c.FindInvoice(t.Context(), "3999999999"); err != nil || one != nil {
				t.Errorf("absent: %+v, %v", one, err)
			}
		})
	}
}

// The user token changes while pages are read. It is fetched once more.
func TestUserTokenRotatesOnTheSandbox(t *testing.T) {
	for _, dialect := range []string{"intellectmoney_errors=operation", "intellectmoney_errors=result"} {
		c, box := meet(t, 0, dialect)
		if err := box.SeedHistory(50, 7); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, _, err := c.History(t.Context(), intellectmoney.Filter{HoldingSearch: true}); err != nil {
				t.Fatal(dialect, err)
			}
			box.IntellectMoney.RotateUserToken()
		}
		if got := len(box.Requests("intellectmoney.token")); got != 3 {
			t.Errorf("%s: %d fetches, want 3", dialect, got)
		}
	}
}

func TestWrongKeysOnTheSandbox(t *testing.T) {
	for _, status := range []string{"200", "401"} {
		_, box := meet(t, 0, "intellectmoney_bearer_status="+status)
		for name, keys := range map[string][2]string{"bearer": {"wrong-bearer", sandboxintellectmoney.DemoSignSecretKey}, "sign": {sandboxintellectmoney.DemoBearerToken, "wrong-key"}} {
			wrong := intellectmoney.New(box.URL+"/intellectmoney", keys[0], keys[1], intellectmoney.Credentials{UserToken: sandboxintellectmoney.DemoUserToken},
				transport.Config{RequestTimeout: 10 * time.Second})
			_, _, err := wrong.History(t.Context(), intellectmoney.Filter{})
			if err == nil || transport.OutcomeOf(err) != transport.Refused || strings.Contains(fmt.Sprint(err), keys[0]) && name == "bearer" {
				t.Errorf("%s, %s: %v", status, name, err)
			}
		}
	}
}
