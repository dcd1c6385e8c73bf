package invoiceapi

// These are the samples of the guide (sections 7.2.1–7.2.8) as it prints them, except for the
// "- " of its folding. The terminal's id is the string that the guide's tables ask for in
// requests.
const (
	sampleCreateTerminal = `{
  "name": "Магазин на диване",
  "alias": "N1",
  "description": "Ювелирные украшения и пылесосы",
  "type": "static",
  "logo": "/ads/asd/image.png",
  "defaultPrice": 15
}`
	sampleTerminal = `{
  "id": 13,
  "link": "https://pay.invoice.su/order/id/45/price/15",
  "name": "Магазин на диване",
  "description": "Ювелирные украшения и пылесосы, филиал №7",
  "type": "static",
  "defaultPrice": 15,
  "canComments": false
}`
	sampleCreatePayment = `{
  "order": {
    "currency": "RUB",
    "amount": 1500,
    "description": "Тестовый платеж",
    "id": "6e4e6e9d-a9b3-453a-a11d-52b211ecc028"
  },
  "settings": {
    "terminal_id": "45",
    "payment_method": "card",
    "success_url": "https://example.com/success",
    "fail_url": "https://example.com/error"
  },
  "custom_parameters": { },
  ` + sampleReceipt + `,
  "trtype": 1
}`
	sampleReceipt = `"receipt": [
    {
      "name": "Сын",
      "price": 50,
      "discount": "10%",
      "resultPrice": 10,
      "quantity": 1
    }
  ]`
	samplePayment = `{
  "id": "2245bf86877afc315813aeac84717fe918869",
  "order": {
    "currency": "RUB",
    "amount": 1500,
    "description": "Тестовый платеж",
    "id": "6e4e6e9d-a9b3-453a-a11d-52b211ecc028"
  },
  "status": "init",
  "status_description": "",
  "create_date": "2019-07-20T19:19:10.000Z",
  "update_date": "2019-07-20T19:19:10.000Z",
  "expire_date": "2019-07-20T19:19:10.000Z",
  "custom_parameters": { },
  "payment_url": "https://pay.invoice.su/init/2245bf86877afc315813aeac84717fe918869"
}`
	sampleCreateRefund = `{
  "id": "2d710e38888c8fecc16ac6f11f37dcb277316",
  "refund": {
    "amount": 1500,
    "currency": "RUB",
    "reason": "Refund payment"
  },
  ` + sampleReceipt + `
}`
	sampleRefund = `{
  "id": "R222t243tew43fg34g3gwf34fwsgh52",
  "refund": {
    "amount": 1500,
    "currency": "RUB",
    "reason": "Refund payment"
  },
  "status": "successful",
  "payment_id": "2d710e38888c8fecc16ac6f11f37dcb277316",
  "payment_method": {
    "terminal_id": "45",
    "type": "card",
    "account": "",
    "funds": 1200,
    "bonuses": -300
  },
  "create_date": "2019-07-20T20:35:43.000Z",
  "update_date": "2019-07-20T20:35:43.000Z",
  "custom_parameters": { }
}`

	paymentID = "2245bf86877afc315813aeac84717fe918869"
	orderID   = "6e4e6e9d-a9b3-453a-a11d-52b211ecc028"
	refundID  = "R222t243tew43fg34g3gwf34fwsgh52"
)
