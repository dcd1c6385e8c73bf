package provider

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// answer makes up what a gateway shows of an object: mostly what the state says.
func (r randomScene) answer(typeName string, state map[string]tftypes.Value) string {
	if r.IntN(40) == 0 {
		return r.pick([]string{`{"error":7,"description":"no such payment"}`, `{"error":0}`, `<html>`, `{`, `[]`, `{"result":"fail","msg":"Счёт не найден."}`})
	}
	shown := shownState{r, state}
	var body map[string]any
	switch {
	case typeName == "invoice_payment_link":
		body = shown.link()
	case !state["paykeeper"].IsNull():
		body = shown.payKeeperInvoice()
	default:
		body = shown.p2pInvoice()
	}
	encoded, _ := json.Marshal(body)
	return string(encoded)
}

// shownState is a state as a gateway shows it.
type shownState struct {
	randomScene
	state map[string]tftypes.Value
}

// of returns an attribute, which may have changed.
func (s shownState) of(name string) any {
	if kind := s.state[name].Type(); s.IntN(60) == 0 && kind != nil {
		return asJSON(s.valueOf(name, kind))
	}
	if s.state[name].Type() == nil {
		return nil
	}
	return asJSON(s.state[name])
}

func (s shownState) inside(name string) shownState {
	var object map[string]tftypes.Value
	_ = s.state[name].As(&object)
	return shownState{s.randomScene, object}
}

func (s shownState) link() map[string]any {
	parameters := json.RawMessage("null")
	if text, ok := s.of("custom_parameters").(string); ok {
		parameters = json.RawMessage(text)
	}
	return map[string]any{
		"id": s.of("id"), "status": s.of("status"), "status_description": s.of("status_description"), "payment_url": s.of("url"),
		"create_date": s.of("created_at"), "update_date": s.of("updated_at"), "expire_date": s.of("expires_at"), "custom_parameters": parameters,
		"order": map[string]any{"id": s.of("order_id"), "amount": s.of("amount"), "currency": s.of("currency"), "description": s.of("description")},
	}
}

func (s shownState) payKeeperInvoice() map[string]any {
	own := s.inside("paykeeper")
	service := own.of("service_name")
	document := map[string]any{"service_name": service, "lang": own.of("language"), "user_result_callback": own.of("result_url")}
	if cart, isList := own.of("cart").([]any); isList && len(cart) > 0 {
		document["cart"] = cart
	}
	if service != nil && (document["cart"] != nil || document["lang"] != nil || document["user_result_callback"] != nil) {
		encoded, _ := json.Marshal(document)
		service = string(encoded)
	}
	return map[string]any{
		"id": s.of("id"), "status": s.of("gateway_status"), "pay_amount": s.of("amount"), "clientid": s.of("customer_id"), "orderid": s.of("order_id"),
		"service_name": service, "client_email": own.of("client_email"), "client_phone": own.of("client_phone"), "paymentid": s.of("payment_id"),
		"expiry_datetime": s.of("expires_at"), "created_datetime": s.of("created_at"), "paid_datetime": s.of("paid_at"),
	}
}

func (s shownState) p2pInvoice() map[string]any {
	own := s.inside("p2p")
	deals := []any{}
	var list []tftypes.Value
	_ = own.state["deals"].As(&list)
	for _, one := range list {
		var values map[string]tftypes.Value
		_ = one.As(&values)
		deal := shownState{s.randomScene, values}
		deals = append(deals, map[string]any{
			"id": deal.of("id"), "type": deal.of("type"), "status": deal.of("status"), "isActive": deal.of("active"),
			"paymentMethod": deal.of("payment_method"), "paymentOption": deal.of("payment_option"), "payment": deal.of("payment"),
			"disputeReason": deal.of("dispute_reason"), "disputeAttachment": deal.of("dispute_attachment_url"),
			"canceledAt": deal.of("cancels_at"), "rate": deal.of("rate"), "qrCodeLink": deal.of("qr_code_url"),
			"requisites": map[string]any{"requisites": deal.of("requisites"), "holder": deal.of("holder")},
		})
	}
	sum := map[string]any{"amount": own.of("amount_to_pay"), "currency": s.of("currency")}
	if sum["amount"] == nil || s.IntN(9) == 0 {
		sum["amount"] = s.of("amount")
	}
	return map[string]any{
		"id": s.of("id"), "internalId": s.of("order_id"), "userId": s.of("customer_id"), "type": own.of("direction"), "status": s.of("gateway_status"), "sum": sum,
		"paymentMethod": own.of("payment_method"), "paymentOption": own.of("payment_option"), "paymentRequisites": own.of("payment_requisites"),
		"storeId": own.of("store_id"), "storeName": own.of("store_name"), "receivedSumFromTaker": own.of("received_from_taker"), "receivedSumFromMaker": own.of("received_from_maker"),
		"serviceFeeSum": own.of("service_fee"), "payoutSum": own.of("payout"), "invoiceUrl": s.of("url"), "deals": deals,
		"createdAt": s.of("created_at"), "expireAt": s.of("expires_at"), "updatedAt": s.of("updated_at"),
	}
}
