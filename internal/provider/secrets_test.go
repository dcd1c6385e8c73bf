package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
)

// secretVariables are not marked as sensitive, so what is masked is masked because of the
// schema. A write-only value comes from where Terraform keeps nothing, since the values of
// other variables are in the plan.
const secretVariables = `
provider "invoice" {}

variable "hook" { type = string }
variable "card" { type = string }
variable "holder" { type = string }
variable "write_only" {
  type      = string
  ephemeral = true
}
variable "written_card" {
  type      = string
  ephemeral = true
}
variable "written_holder" {
  type      = string
  ephemeral = true
}
`

const secretInvoices = `
resource "invoice_invoice" "mailed" {
  amount   = "1500.50"
  order_id = "mailed-1"
  paykeeper = {
    client_email = "Zakazchitsa.44@example.com"
    client_phone = "+7 (916) 555-44-33"
    send         = true
  }
}
resource "invoice_invoice" "hooked" {
  amount   = "1000"
  order_id = "hooked-1"
  p2p = {
    direction          = "in"
    notification_url   = "http://127.0.0.1:1/hook"
    notification_token = var.hook
    start_deal         = true
  }
}
resource "invoice_invoice" "write_only" {
  amount = "1100"
  p2p = {
    direction                     = "in"
    notification_url              = "http://127.0.0.1:1/hook"
    notification_token_wo         = var.write_only
    notification_token_wo_version = 1
    payment_option                = "TO_CARD"
    start_deal                    = true
  }
}
resource "invoice_invoice" "payout" {
  deletion_protection = false
  amount   = "700"
  order_id = "payout-1"
  p2p = {
    direction          = "out"
    notification_url   = "http://127.0.0.1:1/hook"
    notification_token = var.hook
    payment_option     = "TO_CARD"
    payment_method     = "tinkoff"
    payment_requisites = { requisites = var.card, holder = var.holder }
  }
}
resource "invoice_invoice" "write_only_payout" {
  deletion_protection = false
  amount              = "800"
  order_id            = "payout-2"
  p2p = {
    direction                     = "out"
    notification_url              = "http://127.0.0.1:1/hook"
    notification_token_wo         = var.write_only
    notification_token_wo_version = 1
    payment_option                = "TO_CARD"
    payment_method                = "tinkoff"
    payment_requisites_wo         = { requisites = var.written_card, holder = var.written_holder }
    payment_requisites_wo_version = 1
  }
}
`

// secretLookUps looks up everything.
func (s *secretRun) secretLookUps(intellectmoneyID string) string {
	paid := s.OnlyPayment().ID
	return unprotected(refundConfig(paid)) + fmt.Sprintf(`
data "invoice_terminal" "it" { alias = invoice_terminal.web.alias }
data "invoice_payment" "it" { id = %q }
data "invoice_refund" "it" { id = invoice_refund.back.id }
data "invoice_invoice" "hooked" {
  gateway = "p2p"
  id      = invoice_invoice.hooked.id
}
data "invoice_invoice" "payout" {
  gateway = "p2p"
  id      = invoice_invoice.payout.id
}
data "invoice_invoice" "mailed" {
  gateway = "paykeeper"
  id      = invoice_invoice.mailed.id
}
data "invoice_invoice" "intellectmoney" {
  gateway = "intellectmoney"
  id      = %q
}
data "invoice_history" "paykeeper" { gateway = "paykeeper" }
data "invoice_history" "intellectmoney" {
  gateway        = "intellectmoney"
  intellectmoney = { include_transactions = true, details = true }
}
ephemeral "invoice_paykeeper_token" "it" {}
ephemeral "invoice_intellectmoney_user_token" "it" {}
resource "terraform_data" "script" {
  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = "echo \"$TOKEN of $USER_TOKEN\""
    environment = {
      TOKEN      = ephemeral.invoice_paykeeper_token.it.token
      USER_TOKEN = ephemeral.invoice_intellectmoney_user_token.it.token
    }
  }
}
output "deals" {
  sensitive = true
  value     = data.invoice_invoice.hooked.p2p.deals
}
`, paid, intellectmoneyID)
}

// The real CLI runs with the provider as a process of its own. What it prints, logs and leaves
// in files holds no secret.
func TestSecretsAreShownNowhere(t *testing.T) {
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	cliConfig := clitest.BuildProvider(t)
	for name, run := range map[string]func(*secretRun){
		"every resource":                         (*secretRun).everyResource,
		"every resource, in other dialects":      (*secretRun).everyResourceInOtherDialects,
		"wrong credentials":                      (*secretRun).wrongCredentials,
		"a gateway that repeats what it is sent": (*secretRun).parroted,
		"lost answers":                           (*secretRun).lostAnswers,
		"a crash":                                (*secretRun).crash,
		"plain http beyond loopback":             (*secretRun).plainHTTP,
		"proxies":                                (*secretRun).proxies,
		"TLS":                                    (*secretRun).overTLS,
	} {
		t.Run(name, func(t *testing.T) { run(newSecretRun(t, cliConfig)) })
	}
}

// everyResourceInOtherDialects also fetches a user token.
func (s *secretRun) everyResourceInOtherDialects() {
	s.setDialect("error_status=200", "paykeeper_token=array", "paykeeper_token_kills=true", "paykeeper_byid=array", "paykeeper_content_type=json",
		"p2p_answer=array", "intellectmoney_absent=null", "intellectmoney_envelope=table", "intellectmoney_transactions=separate")
	s.byLogin()
	s.everyResource()
}

// everyResource makes, shows, looks up, imports and destroys one of each resource.
func (s *secretRun) everyResource() {
	s.Write(secretVariables + linkConfig + secretInvoices)
	s.must("plan", "-out=first.plan")
	s.must("apply", "first.plan")
	s.Must(s.Sandbox.InvoiceAPI.Pay(s.OnlyPayment().ID, invoiceapi.TestCard))
	// The gateway forgets to mask the number. It is not for the state either.
	var maskedAccount string
	s.Must(s.Sandbox.InvoiceAPI.Payments.Update(s.OnlyPayment().ID, func(p *invoiceapi.Payment) { maskedAccount, p.Account = p.Account, payerCard }))
	paid, err := s.Sandbox.IntellectMoney.Add(intellectmoney.Invoice{Amount: "1500.50", PurchaseOrderID: "order-1", OwnerFIO: "Аполлинария Вознесенская"})
	s.Must(err)
	s.Must(s.Sandbox.IntellectMoney.SetState(paid.ID, "Paid"))
	s.Must(s.Sandbox.IntellectMoney.Invoices.Update(paid.ID, func(i *intellectmoney.Invoice) {
		for n := range i.Transactions {
			i.Transactions[n].PaymentAccount = intellectmoneyAccount
		}
	}))
	// The next plan sees other requisites as a change outside of Terraform.
	for _, one := range s.P2PInvoices() {
		s.Must(s.Sandbox.P2P.Invoices.Update(one.ID, func(i *p2p.Invoice) {
			for n := range i.Deals {
				i.Deals[n].Requisites = p2p.Requisites{Requisites: otherRequisites, Holder: "АРТАКСЕРКСОВ-<&> ПЁТР"}
				i.Deals[n].DisputeAttachment = "https://files.example.com/" + i.Deals[n].ID + ".pdf"
			}
		}))
	}

	s.Write(secretVariables + linkConfig + secretInvoices + s.secretLookUps(paid.ID))
	s.must("plan", "-out=second.plan")
	s.must("show", "second.plan")
	s.document("show", "-json", "second.plan")
	s.must("apply", "-json", "-auto-approve")
	if shown := s.must("show"); strings.Count(shown, "(sensitive value)") < 10 {
		s.T.Errorf("show masks little: %s", shown)
	}
	s.document("show", "-json")
	if state := s.document("state", "pull"); !strings.Contains(state, secretCard) || !strings.Contains(state, otherRequisites) {
		s.T.Errorf("the state lacks requisites: were they used at all? %s", state)
	}
	s.must("output")
	// The guide has it so.
	s.Must(s.Sandbox.InvoiceAPI.Payments.Update(s.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Account = maskedAccount }))
	s.must("apply", "-auto-approve")
	if state := s.document("show", "-json"); !strings.Contains(state, `"account":"`+maskedAccount) {
		s.T.Errorf("the state lacks the account: %s", state)
	}
	s.importsAnother()
	s.must("destroy", "-auto-approve")
	s.has(s.T, "invoice header Authorization", "paykeeper header Authorization", "paykeeper security token", "p2p header X-Identity", "p2p header X-Signature",
		"intellectmoney header Authorization", "intellectmoney header Sign", "notification token", "payout requisites", "payout holder", "fetched token",
		"requisites", "holder", "QR code", "account", "value of a field pan",
		"payer's address, sent", "payer's telephone number, sent", "payer's address", "payer's name", "payer's telephone number", "payer in a text")
	s.searchAll()
}

// importsAnother imports a payout that differs from the configuration. The message lists the
// differences without the requisites.
func (s *secretRun) importsAnother() {
	payout := ""
	for _, one := range s.P2PInvoices() {
		if one.InternalID == "payout-1" {
			payout = one.ID
		}
	}
	s.must("state", "rm", "invoice_invoice.payout")
	config := secretVariables + linkConfig + strings.Replace(secretInvoices, "var.holder }", `"ДРУГОЙ ПОЛУЧАТЕЛЬ" }`, 1)
	s.Write(config + importing("invoice_invoice.payout", "p2p/"+payout))
	if output := s.mustFail("plan"); !strings.Contains(output, "another value, which is sensitive") {
		s.T.Errorf("the plan does not tell the difference: %s", output)
	}
	s.generates(importing("invoice_invoice.payout", "p2p/"+payout))
}

// generates imports a payout with generated configuration, and then says that the receiver is to
// stay out of the state. Neither the file nor a plan shows it.
func (s *secretRun) generates(block string) {
	s.T.Helper()
	const payout = `resource "invoice_invoice" "payout" {`
	without, rest, _ := strings.Cut(secretVariables+linkConfig+secretInvoices, payout)
	_, after, _ := strings.Cut(rest, "\nresource ")
	others := without + "resource " + after
	s.Write(others + block)
	s.must("plan", "-generate-config-out=generated.tf")
	file := filepath.Join(s.Dir, "generated.tf")
	generated, err := os.ReadFile(file)
	s.Must(err)
	s.surfaces = append(s.surfaces, surface{"generated.tf", string(generated), inPrint})
	if !strings.Contains(string(generated), "payment_requisites ") {
		s.T.Errorf("nothing of the receiver is generated: %s", generated)
	}
	s.must("apply", "-auto-approve")
	hidden := regexp.MustCompile(`payment_requisites +=.*`).ReplaceAllString(string(generated), "payment_requisites = null")
	hidden = regexp.MustCompile(`deletion_protection += true`).ReplaceAllString(hidden, "deletion_protection = false")
	s.Must(os.WriteFile(file, []byte(hidden), 0o600))
	s.must("plan", "-out=hidden.plan")
	if shown := s.must("show", "hidden.plan"); !strings.Contains(shown, "payment_requisites") {
		s.T.Errorf("the plan does not take the receiver out of the state: %s", shown)
	}
	s.must("apply", "hidden.plan")
	if state := s.document("state", "pull"); strings.Contains(state, secretCard) {
		s.T.Errorf("the state still has the receiver: %s", state)
	}
	s.must("plan")
	s.Must(os.Remove(file))
	s.Write(secretVariables + linkConfig + secretInvoices)
}
