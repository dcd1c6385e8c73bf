package provider

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// linkOfBench is a link and what its gateway answers: the same as to what was applied.
func linkOfBench(b *testing.B) (model paymentLinkModel, payment *invoiceapi.Payment, known remote.Memory) {
	b.Helper()
	payment = new(invoiceapi.Payment)
	if err := json.Unmarshal([]byte(`{"id":"p","order":{"currency":"RUB","amount":1500.5,"description":"Заказ 1, филиал №7","id":"order-1"},
		"status":"init","status_description":"","create_date":"2026-07-20T19:19:10.000Z","update_date":null,"expire_date":"2026-07-27 19:19:10",
		"custom_parameters":{"customer":"42","n":1},"payment_url":"https://pay.example.com/p"}`), payment); err != nil {
		b.Fatal(err)
	}
	model = paymentLinkModel{
		TerminalID: types.StringValue("t"), Amount: attributes.NewDecimal("1500.50"), Currency: types.StringValue("RUB"), OrderID: types.StringValue("order-1"),
		Description: types.StringValue("Заказ 1"), CustomParameters: jsontypes.NewNormalizedValue(`{"customer":"42","n":1}`),
	}
	model.applyRemote(payment)
	paymentLinkArguments.Remember(payment, &known)
	return model, payment, known
}

func BenchmarkMapPaymentLink(b *testing.B) {
	model, payment, _ := linkOfBench(b)
	b.ReportAllocs()
	for b.Loop() {
		model.applyRemote(payment)
	}
}

func BenchmarkRefreshPaymentLink(b *testing.B) {
	model, payment, known := linkOfBench(b)
	b.ReportAllocs()
	for b.Loop() {
		paymentLinkArguments.Refresh(&model, payment, &known)
	}
}
