package browser

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// shop is a sandbox with all gateways, and a merchant who calls their APIs.
type shop struct {
	*sandboxtest.Box
	sandbox   *gateways.Sandbox
	paykeeper *paykeeper.Client
	p2p       *p2p.Client
}

func openShop(t *testing.T, dialect ...string) *shop {
	t.Helper()
	needChromium(t)
	options := gateways.Options{Options: sandboxtest.Options(sandbox.Options{Dialect: sandbox.Dialect{}})}
	for i := 0; i+1 < len(dialect); i += 2 {
		options.Dialect[dialect[i]] = dialect[i+1]
	}
	s, err := gateways.Open(options)
	must(t, err)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		server.CloseClientConnections() // the browser keeps them open
		server.Close()
		_ = s.Close()
	})
	config := transport.Config{RequestTimeout: actionTimeout}
	return &shop{
		Box: &sandboxtest.Box{T: t, URL: server.URL}, sandbox: s,
		paykeeper: paykeeper.New(server.URL+"/paykeeper", "demo", "demo", config),
		p2p:       p2p.New(server.URL+"/p2p", "demo-api-key", "demo-secret-key", config),
	}
}

// terminal creates a terminal of the Invoice API, and returns its id.
func (s *shop) terminal(fields string) string {
	s.T.Helper()
	return sandboxtest.IDOf(s.T, s.OK("CreateTerminal", `{"name":"Пекарня «Колос»","alias":"`+sandbox.HexID()+`"`+fields+`}`))
}

// payment creates a payment of the Invoice API, and returns its id.
func (s *shop) payment() string {
	s.T.Helper()
	return sandboxtest.IDOf(s.T, s.OK("CreatePayment", paymentBody(s.terminal(""))))
}

func paymentBody(terminal string) string {
	return `{"order":{"currency":"RUB","amount":48500,"description":"Мука пшеничная, 20 мешков","id":"` + sandbox.HexID() + `"},
		"settings":{"terminal_id":"` + terminal + `","payment_method":"card","success_url":"https://shop.example/success","fail_url":"https://shop.example/error"},
		"receipt":[
			{"name":"Мука пшеничная высшего сорта, мешок 50 кг","price":2375,"discount":"5%","resultPrice":45125,"quantity":20},
			{"name":"Доставка","price":3375,"resultPrice":3375,"quantity":1}]}`
}

// paymentStatus is what the Invoice API says.
func (s *shop) paymentStatus(id string) string {
	s.T.Helper()
	status, _ := s.OK("GetPayment", sandboxtest.ByID(id))["status"].(string)
	return status
}

// bill creates an invoice of PayKeeper, and returns its id.
func (s *shop) bill(change ...func(*paykeeper.CreateInvoiceRequest)) string {
	s.T.Helper()
	amount := decimalOf(s.T, "48500.00")
	request := paykeeper.CreateInvoiceRequest{
		Amount: amount, ClientID: "Иванов Иван Иванович", ServiceName: "Мука и доставка", ClientEmail: "ivanov@example.com", ClientPhone: "+79991234567",
		ResultURL: "https://shop.example/done",
	}
	for _, c := range change {
		c(&request)
	}
	created, err := s.paykeeper.CreateInvoice(context.Background(), request)
	must(s.T, err)
	return string(created.ID)
}

func (s *shop) billByID(id string) *paykeeper.Invoice {
	s.T.Helper()
	invoice, err := s.paykeeper.FindInvoice(context.Background(), id)
	must(s.T, err)
	if invoice == nil {
		s.T.Fatalf("no PayKeeper invoice %s", id)
	}
	return invoice
}

func billPath(id string) string { return "/paykeeper/bill/" + id + "/" }

// claim creates an invoice of the P2P gateway, and returns its id.
func (s *shop) claim(change ...func(*p2p.CreateInvoiceRequest)) string {
	s.T.Helper()
	start := true
	request := p2p.CreateInvoiceRequest{
		Type: "in", Amount: "48500", Currency: "RUB", NotificationURL: "https://shop.example/hook", NotificationToken: "token",
		InternalID: sandbox.HexID(), StartDeal: &start,
	}
	for _, c := range change {
		c(&request)
	}
	created, err := s.p2p.CreateInvoice(context.Background(), request, true)
	must(s.T, err)
	return string(created.ID)
}

func (s *shop) claimStatus(id string) string {
	s.T.Helper()
	invoice, err := s.p2p.FindInvoice(context.Background(), id)
	must(s.T, err)
	if invoice == nil {
		s.T.Fatalf("no P2P invoice %s", id)
	}
	return invoice.Status
}

func claimPath(id string) string { return "/p2p/invoice?id=" + id }

// pass lets time pass.
func (s *shop) pass(d time.Duration) { s.sandbox.Advance(d) }

func decimalOf(t *testing.T, text string) values.Decimal {
	t.Helper()
	d, err := values.ParseDecimal(text)
	must(t, err)
	return d
}

var must, equal = sandboxtest.Must, sandboxtest.Equal

// paidBill creates a PayKeeper invoice that is paid, and returns the id of its payment.
func (s *shop) paidBill() string {
	s.T.Helper()
	id := s.bill()
	must(s.T, s.sandbox.PayKeeper.Pay(id))
	return string(s.billByID(id).PaymentID)
}
