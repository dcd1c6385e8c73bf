package invoiceapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

func terminalRequest(t *testing.T) CreateTerminalRequest {
	t.Helper()
	return CreateTerminalRequest{
		Name: "Магазин на диване", Alias: "N1", Description: "Ювелирные украшения и пылесосы",
		Type: TerminalStatic, Logo: "/ads/asd/image.png", DefaultPrice: new(clienttest.Decimal(t, "15.00")),
	}
}

func receipt(t *testing.T) []ReceiptItem {
	t.Helper()
	return []ReceiptItem{{
		Name: "Сын", Price: clienttest.Decimal(t, "50.00"), Discount: "10%", ResultPrice: clienttest.Decimal(t, "10"), Quantity: clienttest.Decimal(t, "1"),
	}}
}

func paymentRequest(t *testing.T) CreatePaymentRequest {
	t.Helper()
	return CreatePaymentRequest{
		Order: Order{Currency: "RUB", Amount: clienttest.Decimal(t, "1500.00"), Description: "Тестовый платеж", ID: orderID},
		Settings: PaymentSettings{
			TerminalID: "45", PaymentMethod: "card", SuccessURL: "https://example.com/success", FailURL: "https://example.com/error",
		},
		CustomParameters: json.RawMessage(`{}`),
		Receipt:          receipt(t),
		TransactionType:  TransactionPayment,
	}
}

func refundRequest(t *testing.T) CreateRefundRequest {
	t.Helper()
	return CreateRefundRequest{
		PaymentID: "2d710e38888c8fecc16ac6f11f37dcb277316",
		Refund:    RefundOrder{Currency: "RUB", Amount: clienttest.Decimal(t, "1500"), Reason: "Refund payment"},
		Receipt:   receipt(t),
	}
}

func wantTerminal(t *testing.T) *Terminal {
	t.Helper()
	return &Terminal{
		ID: "13", Name: "Магазин на диване", Description: "Ювелирные украшения и пылесосы, филиал №7",
		URL: "https://pay.invoice.su/order/id/45/price/15", Type: TerminalStatic,
		DefaultPrice: new(clienttest.Decimal(t, "15")), CanComments: new(false),
	}
}

func wantPayment(t *testing.T) *Payment {
	t.Helper()
	date := clienttest.Time(t, "2019-07-20T19:19:10Z")
	return &Payment{
		ID: paymentID, Order: Order{Currency: "RUB", Amount: clienttest.Decimal(t, "1500"), Description: "Тестовый платеж", ID: orderID},
		Status: PaymentInit, Created: date, Updated: date, Expires: date, CustomParameters: json.RawMessage("{ }"),
		URL: "https://pay.invoice.su/init/" + paymentID,
	}
}

func wantRefund(t *testing.T) *Refund {
	t.Helper()
	date := clienttest.Time(t, "2019-07-20T20:35:43Z")
	return &Refund{
		ID: refundID, Refund: RefundOrder{Currency: "RUB", Amount: clienttest.Decimal(t, "1500"), Reason: "Refund payment"},
		Status: "successful", PaymentID: "2d710e38888c8fecc16ac6f11f37dcb277316",
		Method:  lenientMethod{&PaymentMethod{TerminalID: "45", Type: "card", Funds: new(clienttest.Decimal(t, "1200")), Bonuses: new(clienttest.Decimal(t, "-300"))}},
		Created: date, Updated: date, CustomParameters: json.RawMessage("{ }"),
	}
}

// Every call is compared with the guide's own samples.
func TestEveryCallIsTheGuides(t *testing.T) {
	tests := []struct {
		operation, answer, request string
		call                       func(context.Context, *Client) (any, error)
		want                       any
	}{
		{"CreateTerminal", sampleTerminal, sampleCreateTerminal, func(ctx context.Context, c *Client) (any, error) {
			return c.CreateTerminal(ctx, terminalRequest(t))
		}, wantTerminal(t)},
		{"GetTerminal", sampleTerminal, `{"alias":"ID-21-001"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.FindTerminal(ctx, "ID-21-001")
		}, wantTerminal(t)},
		{"GetTerminal", sampleTerminal, `{"id":"13"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.FindTerminalByID(ctx, "13")
		}, wantTerminal(t)},
		{"CreatePayment", samplePayment, sampleCreatePayment, func(ctx context.Context, c *Client) (any, error) {
			return c.CreatePayment(ctx, paymentRequest(t), true)
		}, wantPayment(t)},
		{"CreatePayment", samplePayment, sampleCreatePayment, func(ctx context.Context, c *Client) (any, error) {
			return c.CreatePayment(ctx, paymentRequest(t), false)
		}, wantPayment(t)},
		{"GetPayment", samplePayment, `{"id":"` + paymentID + `"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.FindPayment(ctx, paymentID)
		}, wantPayment(t)},
		{"GetPaymentByOrder", samplePayment, `{"id":"` + orderID + `"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.FindPaymentByOrder(ctx, orderID)
		}, wantPayment(t)},
		{"ClosePayment", samplePayment, `{"id":"` + paymentID + `"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.ClosePayment(ctx, paymentID)
		}, wantPayment(t)},
		{"CreateRefund", sampleRefund, sampleCreateRefund, func(ctx context.Context, c *Client) (any, error) {
			return c.CreateRefund(ctx, refundRequest(t))
		}, wantRefund(t)},
		{"GetRefund", sampleRefund, `{"id":"` + refundID + `"}`, func(ctx context.Context, c *Client) (any, error) {
			return c.FindRefund(ctx, refundID)
		}, wantRefund(t)},
	}
	for _, test := range tests {
		t.Run(test.operation, func(t *testing.T) {
			s := newServer(t, map[string][]reply{test.operation: {ok(test.answer)}})
			got, err := test.call(t.Context(), trusted(clientOf(s)))
			if err != nil {
				t.Fatal(err)
			}
			clienttest.Same(t, got, test.want)
			s.WantSteps(t, test.operation)
			request := s.Seen()[0]
			wantJSON(t, request.Body, test.request)
			credentials := base64.StdEncoding.EncodeToString([]byte(merchantID + ":" + apiKey))
			clienttest.Same(t, []string{
				request.Method, request.Header.Get("Authorization"), request.Header.Get("Content-Type"), request.Header.Get("Accept"),
			}, []string{"POST", "Basic " + credentials, "application/json", "application/json"})
		})
	}
}

// What is not set is not sent, except for what the guide calls mandatory.
func TestUnsetFieldsAreNotSent(t *testing.T) {
	price := clienttest.Decimal(t, "1.10")
	for want, request := range map[string]any{
		`{"name":"n","alias":"a"}`:                                            CreateTerminalRequest{Name: "n", Alias: "a"},
		`{"name":"","alias":"","canComments":false}`:                          CreateTerminalRequest{CanComments: new(false)},
		`{"order":{"amount":1.1},"settings":{"terminal_id":""},"receipt":[]}`: CreatePaymentRequest{Order: Order{Amount: price}, Receipt: []ReceiptItem{}},
		`{"id":"","refund":{"amount":1.1},"receipt":[]}`:                      CreateRefundRequest{Refund: RefundOrder{Amount: price}, Receipt: []ReceiptItem{}},
		`{"name":"","price":0,"resultPrice":0,"quantity":0}`:                  ReceiptItem{},
	} {
		if got, err := json.Marshal(request); err != nil || string(got) != want {
			t.Errorf("got  %s (%v)\nwant %s", got, err, want)
		}
	}
}

func TestSlashesAfterBaseURLDoNoHarm(t *testing.T) {
	s := newServer(t, map[string][]reply{"GetRefund": {ok(sampleRefund)}})
	s.URL += "//"
	if _, err := clientOf(s).FindRefund(t.Context(), refundID); err != nil {
		t.Fatal(err)
	}
	s.WantSteps(t, "GetRefund")
}

func TestARequestThatCannotBeWrittenIsNotSent(t *testing.T) {
	s, c := one(t, ok(samplePayment))
	request := paymentRequest(t)
	request.CustomParameters = json.RawMessage(`{broken`)
	_, err := c.CreatePayment(t.Context(), request, true)
	clienttest.Outcome(t, err, transport.NotDone)
	clienttest.Contains(t, err.Error(), "Invoice API v2, CreatePayment: ")
	s.WantSteps(t, "")
}

// No log of a call shows the key or the header that is made of it.
func TestCredentialsAreNeverLogged(t *testing.T) {
	credentials := base64.StdEncoding.EncodeToString([]byte(merchantID + ":" + apiKey))
	// The gateway, or a proxy, repeats what it was sent.
	s, _ := one(t, ok(strings.Replace(samplePayment, "Тестовый платеж", "key "+apiKey+", header "+credentials, 1)))
	var log clienttest.Records
	c := New(s.URL, merchantID, apiKey, transport.Config{RequestTimeout: 1e9, Log: log.Log})
	_, err := c.FindPayment(t.Context(), apiKey)
	clienttest.Outcome(t, err, transport.Unclear)
	for _, secret := range []string{apiKey, credentials, "Basic"} {
		if strings.Contains(log.String()+err.Error(), secret) {
			t.Errorf("%q is shown: %v, %s", secret, err, log.String())
		}
	}
	clienttest.Contains(t, log.String(), "key ***, header ***", `{"id":"***"}`)
}
