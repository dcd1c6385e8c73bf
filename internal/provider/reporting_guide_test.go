package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

const (
	monthlyReport = "../../examples/modules/monthly-report"
	// publishedReport is the address of the module, as users write it.
	publishedReport = "github.com/invoice-iac/terraform-provider-invoice//examples/modules/monthly-report"
)

// newReportingGuide has the guide's configuration, with the module of the working tree.
func newReportingGuide(t *testing.T) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t)
	config := example(t, "guides/reporting")
	module, err := filepath.Abs(monthlyReport)
	w.Must(err)
	const readOnly = "provider \"invoice\" {\n  read_only = true\n"
	if !strings.Contains(config, readOnly+"}") || !strings.Contains(config, publishedReport) {
		t.Fatalf("the guide has another provider block, or another module: %s", config)
	}
	settings := strings.Replace(clitest.ProviderBlock(w.URL), `provider "invoice" {`, readOnly, 1)
	w.Write(strings.NewReplacer(readOnly+"}", settings, publishedReport, module).Replace(config))
	w.MustExec("init")
	return w
}

// The guide works for both gateways. Its summary and its report say what the gateway's tables
// hold, and an apply does not print the report.
func TestReportingGuideApplies(t *testing.T) {
	for _, gatewayName := range []string{"paykeeper", "intellectmoney"} {
		t.Run(gatewayName, func(t *testing.T) {
			w := newReportingGuide(t)
			w.Must(w.Sandbox.SeedHistory(300, 1))
			month := lastMonth()
			w.Env = append(w.Env, "TF_VAR_gateway="+gatewayName, "TF_VAR_month="+month)
			if gatewayName == "intellectmoney" {
				w.Env = append(w.Env, "TF_VAR_filters={holding_search=true}")
			}
			applied := w.Apply().Succeeds().SaysNothing()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			if strings.Contains(applied.Output, "Not paid yet") {
				t.Errorf("the apply prints the report: %s", applied.Output)
			}
			want, days := issuedIn(w, gatewayName, month)
			report := outputOf(w, "-raw", "report")
			lines := []string{fmt.Sprintf("%d invoices.", want.count)}
			for status, count := range want.counts {
				lines = append(lines, fmt.Sprintf("| %s | %d | %s |", status, count, want.sums[status].StringFixed(2)))
			}
			for day, count := range days {
				lines = append(lines, fmt.Sprintf("| %s | %d |", day, count))
			}
			for _, line := range lines {
				if want.count == 0 || !strings.Contains(report, line) {
					t.Errorf("no line %q in\n%s", line, report)
				}
			}
			if strings.Contains(report, "@example.com") {
				t.Errorf("the report names a payer:\n%s", report)
			}
			var summary struct {
				Invoices int64
				Paid     string
			}
			w.Must(json.Unmarshal([]byte(outputOf(w, "-json", "summary")), &summary))
			if summary.Invoices != want.count || summary.Paid != want.sums["paid"].StringFixed(2) {
				t.Errorf("summary = %+v, want %s", summary, want)
			}
		})
	}
}

// lastMonth is the month before the current one in Moscow. A month before the 31st would be in the same one.
func lastMonth() string {
	now := time.Now().In(values.Moscow)
	return now.AddDate(0, 0, -now.Day()).Format("2006-01")
}

// issuedIn adds up what a gateway's tables hold of a month in Moscow, by status and by day.
func issuedIn(w *clitest.Workspace, gatewayName, month string) (all *tally, days map[string]int) {
	w.T.Helper()
	all, days = newTally(), map[string]int{}
	if gatewayName == "paykeeper" {
		for _, one := range w.PayKeeperInvoices() {
			if strings.HasPrefix(one.CreatedDatetime, month) && one.Status != "created" {
				all.add(strings.Replace(one.Status, "revoked", "expired", 1), one.PayAmount)
				days[one.CreatedDatetime[:10]]++
			}
		}
		return all, days
	}
	invoices, err := w.Sandbox.IntellectMoney.Invoices.All()
	w.Must(err)
	ours := map[string]string{"Created": "created", "PartPaid": "partially_paid", "Paid": "paid", "ToPaid": "processing", "Refund": "refunded", "Held": "held"}
	for _, one := range invoices {
		if at := one.CreationDate.In(values.Moscow); at.Format("2006-01") == month {
			all.add(ours[one.State], one.Amount)
			days[at.Format(time.DateOnly)]++
		}
	}
	return all, days
}

// A report is made from a plan, and no state is written.
func TestReportingGuideNeedsNoState(t *testing.T) {
	w := newReportingGuide(t)
	w.Must(w.Sandbox.SeedHistory(30, 1))
	w.Env = append(w.Env, "TF_VAR_month="+lastMonth())
	w.Plan("-out=report.tfplan").Succeeds()
	var plan struct {
		PlannedValues struct {
			Outputs map[string]struct{ Value any }
		} `json:"planned_values"`
	}
	w.Must(json.Unmarshal([]byte(w.MustExec("show", "-json", "report.tfplan")), &plan))
	if report := fmt.Sprint(plan.PlannedValues.Outputs["report"].Value); !strings.HasPrefix(report, "# paykeeper, ") || !strings.Contains(report, "## By day") {
		t.Errorf("no report: %s", report)
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "terraform.tfstate")); !os.IsNotExist(err) {
		t.Errorf("there is a state: %v", err)
	}
}

// A mistyped filter, which the CLI would drop in silence, is an error. So is one of a gateway that
// has none.
func TestReportingGuideFindsMistakes(t *testing.T) {
	w := newReportingGuide(t)
	w.Env = append(w.Env, "TF_VAR_month=2026-10", "TF_VAR_filters={holding_serch=true}", "TF_VAR_gateway=intellectmoney")
	w.Plan().Fails("There is another name among them")
	w.Env = append(w.Env, "TF_VAR_filters={holding_search=true}", "TF_VAR_gateway=paykeeper")
	w.Plan().Fails("Only IntellectMoney has filters")
	w.Env = append(w.Env, "TF_VAR_filters={}", "TF_VAR_month=10.2026")
	w.Plan().Fails("The month must be written as YYYY-MM")
	w.SentNothing()
}
