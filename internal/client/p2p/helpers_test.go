package p2p

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

const (
	apiKey    = "test_api_key"
	secretKey = "test_secret"
	invoiceID = "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"
	notFound  = `[{"message":"Invoice not found"}]`

	create   = "POST /api/merchant/invoices"
	byID     = "GET /api/merchant/invoices/" + invoiceID
	cancel   = "POST /api/merchant/invoices/" + invoiceID + "/cancel"
	internal = "GET /api/merchant/internal-id/00001"
)

// sample is the answer of the document, as it prints it.
const sample = `{
"id": "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a",
"internalId": "00001",
"userId": "uid-1",
"type": "in",
"status": "new",
"paymentMethod": "sberbank",
"paymentOption": null,
"paymentRequisites": null,
"sum": {
"amount": "1000.00",
"currency": "RUB",
"subunit": 2
},
"storeId": 1,
"storeName": "Demo Test",
"receivedSumFromTaker": null,
"receivedSumFromMaker": null,
"serviceFeeSum": null,
"payoutSum": null,
"createdAt": "2024-11-04T13:55:45+00:00",
"expireAt": "2024-11-04T14:55:45+00:00",
"updatedAt": "2024-11-04T13:58:34+00:00",
"invoiceUrl": "http:\/\/pay.doamin.com\/invoice?id=991a0e40-8cbd-405a-80fa-c84f2e4d5c6a",
"deals": [
{
"id": "595af0e7-261d-4451-b651-3cfeecc0755c",
"type": "in",
"status": "transfer_waiting",
"paymentMethod": "sberbank",
"paymentOption": "SBP",
"requisites": {
"requisites": "+7(996)777-99-77",
"holder": "holder name"
},
"canceledAt": "2024-11-04T14:25:48+00:00",
"disputeAttachment": null,
"disputeReason": null,
"disputeReasonData": [],
"payment": null,
"rate": "99.23",
"isActive": true,
"qrCodeLink": "https:\/\/www.sberbank.com\/sms\/pbpn?requisiteNumber=79967779977"
}
]
}`

// fresh is the sample as a server would answer it now. The changes are pairs of old and new
// text.
func fresh(changes ...string) string {
	now := time.Now().UTC()
	pairs := append([]string{
		"2024-11-04T13:55:45+00:00", now.Format(time.RFC3339),
		"2024-11-04T14:55:45+00:00", now.Add(time.Hour).Format(time.RFC3339),
	}, changes...)
	return strings.NewReplacer(pairs...).Replace(sample)
}

type reply = clienttest.Reply

var (
	ok     = clienttest.OK
	cut    = reply{Cut: true}
	absent = reply{Status: 404, Body: notFound}
)

// newServer answers each step ("POST /path") with its replies. WantSteps has short names for
// the usual ones: "create internal".
func newServer(t *testing.T, replies map[string][]reply) *clienttest.Server {
	t.Helper()
	names := map[string]string{create: "create", byID: "find", cancel: "cancel", internal: "internal"}
	return clienttest.Start(t, &clienttest.Server{
		Replies: replies,
		Step:    func(r clienttest.Request) string { return r.Method + " " + r.Path },
		Name:    func(step string) string { return cmp.Or(names[step], step) },
	})
}

func clientOf(s *clienttest.Server) *Client { return loggingClientOf(s, nil) }

func loggingClientOf(s *clienttest.Server, log transport.LogFunc) *Client {
	return New(s.URL, apiKey, secretKey, clienttest.Quick(log))
}

func moneyOf(t *testing.T, amount string) Money {
	t.Helper()
	return Money{Amount: new(clienttest.Decimal(t, amount)), Currency: "RUB", Subunit: 2}
}
