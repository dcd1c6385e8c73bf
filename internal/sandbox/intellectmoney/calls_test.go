package intellectmoney

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// A vector that was computed from the recipe, asked with the body of the document's samples: a
// form that is labelled as JSON.
func TestIntellectMoneySignature(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{SignSecretKey: "SIGNSECRET", UserToken: "UTOKEN"})
	const sign = "d6ed53ac644a51ad39ab1c34c5926b8258eef338d0f24e4ccd132cbf4e33a617"
	const path = "payment/getInvoicesHistory"
	want := `{"OperationState":{"Code":0,"Desc":"Успешно обработана"},"Result":{"State":{"Code":0,"Desc":"Успешно обработан"},"InvoicesHistoryList":[]}}`
	for _, body := range []string{"UserToken=UTOKEN&Take=5", `{"UserToken":"UTOKEN","Take":"5"}`, ` {"Take":5,"UserToken":"UTOKEN","Skip":null}`, "UserToken=UTOKEN&Take=5&State=2&SortOrder=4"} {
		for _, label := range []string{"application/json", "application/x-www-form-urlencoded", "application/xml", ""} {
			response, answer := b.imPost(path, body, sign, func(r *http.Request) { r.Header.Set("Content-Type", label) })
			equal(t, body, answer, want)
			equal(t, "type", response.Header.Get("Content-Type"), "application/json; charset=utf-8")
		}
	}
	for _, wrong := range []string{"", strings.ToUpper(sign), sign[1:], sha("UTOKEN5SIGNSECRET")} {
		_, answer := b.imPost(path, "UserToken=UTOKEN&Take=5", wrong)
		imFails(t, wrong, answer, "подпись")
	}
	for _, body := range []string{"UserToken=UTOKEN&Take=6", "UserToken=UTOKEN&Take=5&Skip=0", `{"UserToken":"UTOKEN","Take":5,"WithRefunds":false}`} {
		_, answer := b.imPost(path, body, sign)
		imFails(t, body, answer, "подпись")
	}
}

// Each filter has its place in the signature: a value in another place makes
// another one.
func TestIntellectMoneySignedValues(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, pair := range []string{"Skip=1", "EshopId=450000", "InvoiceId=3000000001", "DateFrom=2026-01-01 00:00:00", "DateTo=2026-01-02 00:00:00",
		"ChangeDateFrom=2026-01-01 00:00:00", "ChangeDateTo=2026-01-01 00:00:00", "IncludePaymentTransactions=true", "IsHoldingSearch=true",
		"OrganizationId=10042", "OwnerEmail=a@example.com", "WithRefunds=true"} {
		name, value, _ := strings.Cut(pair, "=")
		b.imList(name, value) // imSign lists the order once more
		values := imValues(name, value)
		_, answer := b.imPost("payment/getInvoicesHistory", imForm(values), imSign(imValues(), "demo-sign-secret-key"))
		imFails(t, name, answer, "подпись")
	}
}

func TestIntellectMoneyWhoCalls(t *testing.T) {
	b := start(t, sandbox.Options{})
	const path = "payment/getInvoicesHistory"
	values := imValues()
	sign := imSign(values, DemoSignSecretKey)
	for _, header := range []string{"", "demo-bearer-token", "Bearer x", "bearer demo-bearer-token", "Basic demo-bearer-token"} {
		response, answer := b.imPost(path, imForm(values), sign, func(r *http.Request) { r.Header.Set("Authorization", header) })
		equal(t, "status", response.StatusCode, 200)
		imFails(t, header, answer, "Bearer")
	}
	wrong := imValues("UserToken", "x")
	_, answer := b.imPost(path, imForm(wrong), imSign(wrong, DemoSignSecretKey))
	imFails(t, "user token", answer, "токен пользователя")
	for _, request := range b.Requests() {
		equal(t, "authorized", request.Authorized, false)
	}
	b.ResetRequests()

	// The document's PHP sample leaves the '+' of the token as it is.
	_, answer = b.imPost(path, "UserToken=demo/user+token&Take=100", sign)
	contains(t, answer, `"InvoicesHistoryList":[]`)
	request := b.Requests("intellectmoney.history")[0]
	equal(t, "authorized", request.Authorized, true)
	equal(t, "path", request.Path, "/intellectmoney/personal/payment/getInvoicesHistory")

	for body, part := range map[string]string{`{"Take":`: "JSON", `{"Take":5} x`: "JSON", `{"Take":[5]}`: "Take", "Take=%zz": "форму"} {
		_, answer := b.imPost(path, body, sign)
		imFails(t, body, answer, part)
	}
	_, answer = b.imPost(path, "", sign, func(r *http.Request) { r.Method = http.MethodGet })
	imFails(t, "GET", answer, "POST")

	b.SetDialect(sandbox.Dialect{"intellectmoney_bearer_status": "401"})
	response, answer := b.imPost(path, imForm(values), sign, func(r *http.Request) { r.Header.Del("Authorization") })
	equal(t, "status", response.StatusCode, 401)
	imFails(t, "401", answer, "Bearer")
	response, _ = b.imPost(path, imForm(values), "x")
	equal(t, "signature", response.StatusCode, 200)

	b.SetDialect(sandbox.Dialect{"intellectmoney_errors": "result"})
	_, answer = b.imPost(path, imForm(wrong), imSign(wrong, DemoSignSecretKey))
	equal(t, "result", answer, `{"OperationState":{"Code":0,"Desc":"Успешно обработана"},"Result":{"State":{"Code":2,"Desc":"Неверный токен пользователя."}}}`)
	contains(t, b.imAsk("State", "5"), `"Result":{"State":{"Code":3,"Desc":"Неверное значение параметра State."}}`)
}

func TestIntellectMoneyToken(t *testing.T) {
	b := start(t, sandbox.Options{})
	form := imForm(map[string]string{"Login": "demo@example.com", "Password": "demo"})
	sign := sha("::demo@example.com::demo::::demo-sign-secret-key")
	want := `{"OperationState":{"Code":0,"Desc":"Успешно обработана"},"Result":{"State":{"Code":0,"Desc":"Успешно обработан"},"UserToken":"demo/user+token"}}`
	for _, body := range []string{form, `{"Login":"demo@example.com","Password":"demo"}`} {
		_, answer := b.imPost("user/getUserToken", body, sign)
		equal(t, body, answer, want)
	}
	_, answer := b.imPost("user/getUserToken", form, sha("demo@example.com::demo::demo-sign-secret-key"))
	imFails(t, "sign", answer, "подпись")
	_, answer = b.imPost("user/getUserToken", "Login=demo@example.com&Password=x", sha("::demo@example.com::x::::demo-sign-secret-key"))
	imFails(t, "password", answer, "логин или пароль")
	_, answer = b.imPost("user/getUserToken", "Login=x&Password=demo", sha("::x::demo::::demo-sign-secret-key"))
	imFails(t, "login", answer, "логин или пароль")
	_, answer = b.imPost("user/getUserToken", form, sign, func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") })
	imFails(t, "bearer", answer, "Bearer")
	equal(t, "calls", len(b.Requests("intellectmoney.token")), 6)

	b.RotateUserToken()
	imFails(t, "ended", b.imAsk(), "токен пользователя")
	_, answer = b.imPost("user/getUserToken", form, sign)
	token := decode(t, answer)["Result"].(object)["UserToken"].(string)
	b.imList("UserToken", token)
	equal(t, "environment", b.Environment("")[len(b.Environment(""))-1], sandbox.Variable{Name: "INVOICE_INTELLECTMONEY_USER_TOKEN", Value: token})
}

// The answer has the fields of the document's sample, in its order, each of
// its kind; values are the sample's wherever they are the invoice's own.
func TestIntellectMoneySampleAnswer(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "history.json"))
	must(t, err)
	sample := string(content)
	noon := time.Date(2025, 1, 1, 12, 0, 0, 0, sandbox.Moscow)
	b := start(t, sandbox.Options{})
	_, err = b.Add(Invoice{
		ID: "3000000000", State: "Paid", CreationDate: noon, ExpirationDate: noon, Amount: "1.00", OwnerEmail: "test@mail.ru", PurchaseOrderID: "Test", Rrn: "5000000000",
		EshopID: 450000, EshopName: "Test", EshopURL: "https://test.ru", OrganizationName: "Test",
		MerchantReceipt: decode(t, sample)["Result"].(object)["InvoicesHistoryList"].([]any)[0].(object)["MerchantReceipt"].(string),
		Transactions: []Transaction{{
			ID: "30000000", PaymentNumber: "2000000000", State: "Confirm", CreationDate: noon.Add(3 * time.Hour), PaymentAmount: "1.00", RecipientAmount: "0.96", Commission: "0.035",
			PaymentAccount: "Счет к оплате 3000000000", RecipientAccount: "6000000000", Description: "Зачисление на счет магазина \"Магазин\" со счета \"3000000000\"",
			Direction: "Withdraw", InvoicePaymentType: "Purchase", InputType: "Acquiring",
		}},
	})
	must(t, err)
	answer := b.imAsk("IncludePaymentTransactions", "true")
	equal(t, "shape", shape(t, answer), shape(t, sample))

	got := decode(t, answer)["Result"].(object)["InvoicesHistoryList"].([]any)[0].(object)
	want := decode(t, sample)["Result"].(object)["InvoicesHistoryList"].([]any)[0].(object)
	transaction := func(o object) object { return o["HistoryList"].([]any)[0].(object) }
	// The sample has other names for one shop and one order in different
	// places.
	transaction(want)["PurchaseOrderId"], transaction(want)["EshopName"] = "Test", "Test (450000)"
	purchase := want["PurchaseData"].(object)
	purchase["EshopName"], purchase["OrderId"] = "Test", "2025-01-01T09:00:00.00+00:00"
	for name := range want {
		equal(t, name, got[name], want[name])
	}

	content, err = os.ReadFile(filepath.Join("testdata", "too_many.json"))
	must(t, err)
	limited := start(t, sandbox.Options{}, Options{MaxInvoices: 1})
	limited.imAdd(1, nil)
	limited.imAdd(2, nil)
	equal(t, "too many", decode(t, limited.imAsk()), decode(t, string(content)))
}

// shape lists the keys of a JSON text in their order, and the kinds of values;
// of a number also its text up to the first digit after the point, as that is
// where 1 and 1.0 differ.
func shape(t *testing.T, text string) string {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var out strings.Builder
	var walk func(key bool)
	walk = func(key bool) {
		token, err := decoder.Token()
		must(t, err)
		switch token := token.(type) {
		case json.Delim:
			out.WriteString(token.String())
			for n := 0; decoder.More(); n++ {
				if token == '{' {
					walk(true)
				}
				walk(false)
			}
			end, err := decoder.Token()
			must(t, err)
			out.WriteString(end.(json.Delim).String())
		case string:
			if key {
				out.WriteString("\n" + token + " ")
			} else {
				out.WriteString("text")
			}
		case json.Number:
			out.WriteString(map[bool]string{true: "1.0", false: "1"}[strings.Contains(token.String(), ".")])
		default:
			out.WriteString("other")
		}
	}
	walk(false)
	return out.String()
}
