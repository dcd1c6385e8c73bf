package p2p

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
)

// What the gateway shows becomes the object of the resource, in whatever shape it comes.
func TestComputedOfAnAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ answer, attribute, want string }{
		"no sum":                    {`{"serviceFeeSum":null}`, "service_fee", `<null>`},
		"a sum":                     {`{"serviceFeeSum":{"amount":"9.5","currency":"USD","subunit":2}}`, "service_fee", `{"amount":"9.50","currency":"USD"}`},
		"a small sum":               {`{"payoutSum":{"amount":"9.976821","currency":"USDT","subunit":6}}`, "payout", `{"amount":"9.976821","currency":"USDT"}`},
		"a sum in another currency": {`{"sum":{"amount":"5","currency":"RUB"},"serviceFeeSum":{"amount":"9","currency":"USDT"}}`, "service_fee", `{"amount":"9.00","currency":"USDT"}`},
		"an amount alone":           {`{"sum":{"amount":"5","currency":"RUB"},"receivedSumFromTaker":"5.00"}`, "received_from_taker", `{"amount":"5.00","currency":"RUB"}`},
		"a payout without currency": {`{"sum":{"amount":"5","currency":"RUB"},"payoutSum":"5.00"}`, "payout", `{"amount":"5.00","currency":<null>}`},
		"no amount":                 {`{"receivedSumFromMaker":{"currency":"RUB"}}`, "received_from_maker", `<null>`},
	} {
		var invoice p2p.Invoice
		if err := json.Unmarshal([]byte(test.answer), &invoice); err != nil {
			t.Fatal(err)
		}
		if got := computed(&invoice)[test.attribute].String(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestDealOfAnAnswer(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]map[string]string{
		`{"type":"in","disputeReason":null,"disputeAttachment":null,"payment":null}`:     {"type": `"in"`, "dispute_reason": "<null>", "dispute_attachment_url": "<null>", "payment": "<null>"},
		`{"disputeReason":"invalid_sum","disputeAttachment":"https://files.test/a.pdf"}`: {"dispute_reason": `"invalid_sum"`, "dispute_attachment_url": `"https://files.test/a.pdf"`},
		`{"payment":{"amount":"5","currency":"RUB","card":"2200000000000053"}}`:          {"payment": `{"amount":"5.00","currency":"RUB"}`}, // and nothing else
		`{"payment":{"id":1,"sum":{"amount":"5.00","currency":"RUB"}}}`:                  {"payment": `{"amount":"5.00","currency":"RUB"}`},
		`{"payment":{"id":1}}`: {"payment": "<null>"},
		`{"payment":"1250"}`:   {"payment": "<null>"}, // perhaps an id
		`{"payment":1250}`:     {"payment": "<null>"},
		`{"payment":[]}`:       {"payment": "<null>"},
	} {
		var deals p2p.Deals
		if err := json.Unmarshal([]byte(answer), &deals); err != nil {
			t.Fatal(err)
		}
		deal := dealsOf(deals)
		for name, want := range want {
			if got := attributeOf(t, deal, name); got != want {
				t.Errorf("%s: %s is %s, want %s", answer, name, got, want)
			}
		}
	}
}

// What shows the payee of a payout goes, and the rest of a deal stays.
func TestDealsWithoutRequisites(t *testing.T) {
	t.Parallel()
	var deals p2p.Deals
	answer := `{"id":"1","status":"dispute","requisites":{"requisites":"2200000000000053","holder":"A B"},"qrCodeLink":"https://x/?requisiteNumber=79967779977",` +
		`"disputeReason":"no_payment","disputeAttachment":"https://files.test/a.pdf","payment":{"amount":"5","currency":"RUB"}}`
	if err := json.Unmarshal([]byte(answer), &deals); err != nil {
		t.Fatal(err)
	}
	whole := dealsOf(deals)
	hidden := withoutRequisites(whole)
	for name := range dealType.AttrTypes {
		want := attributeOf(t, whole, name)
		switch name {
		case "requisites", "holder", "qr_code_url", "dispute_attachment_url":
			if want == "<null>" {
				t.Errorf("the answer has no %s", name)
			}
			want = "<null>"
		}
		if got := attributeOf(t, hidden, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func attributeOf(t *testing.T, deals types.List, name string) string {
	t.Helper()
	deal, ok := deals.Elements()[0].(types.Object)
	if !ok {
		t.Fatal("no object")
	}
	return deal.Attributes()[name].String()
}
