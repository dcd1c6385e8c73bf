package paykeeper

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

func sampleRequest(t *testing.T) CreateInvoiceRequest {
	t.Helper()
	return CreateInvoiceRequest{
		Amount: clienttest.Decimal(t, "1500"), ClientID: "Иванов Иван", OrderID: "A-1", ServiceName: "Услуга",
		ClientEmail: "ivanov@example.com", ClientPhone: "+7 900 000-00-00", Expiry: "2014-04-12",
	}
}

func wantSample(t *testing.T) Invoice {
	t.Helper()
	return Invoice{
		ID: invoiceID, Status: StatusCreated, Amount: clienttest.Decimal(t, "1500"), ClientID: "Иванов Иван", OrderID: "A-1",
		ServiceName: "Услуга", ClientEmail: "ivanov@example.com", ClientPhone: "+7 900 000-00-00",
		Expires: clienttest.Time(t, "2014-04-12T00:00:00+03:00"), Created: clienttest.Time(t, "2014-04-02T08:52:14+03:00"), UserID: "7", UserLogin: "admin",
	}
}

// Each call has its exact request, and its answer is read as the document says.
func TestEveryCall(t *testing.T) {
	day := func(text string) time.Time {
		value, err := time.ParseInLocation(time.DateOnly, text, values.Moscow)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	filter := Filter{Statuses: []string{"expired", "sent", "paid"}, Start: day("2014-04-15"), End: day("2014-04-25")}
	tests := []struct {
		path, query, form, answer string
		call                      func(context.Context, *Client) (any, error)
		want                      any
	}{
		{pathByID, "id=20140402085214805", "", sample, func(ctx context.Context, c *Client) (any, error) {
			return c.FindInvoice(ctx, invoiceID)
		}, wantSample(t)},
		{pathByID, "id=20140402085214805", "", "[" + sample + "]", func(ctx context.Context, c *Client) (any, error) {
			return c.FindInvoice(ctx, invoiceID)
		}, wantSample(t)},
		{pathList, "status[]=paid&start_date=2014-04-15&end_date=2014-04-25&from=30&limit=10", "", "[" + sample + "," + sample + "]", func(ctx context.Context, c *Client) (any, error) {
			return c.ListInvoices(ctx, Filter{Statuses: []string{"paid"}, Start: day("2014-04-15"), End: day("2014-04-25")}, Page{From: 30, Limit: 10})
		}, []Invoice{wantSample(t), wantSample(t)}},
		{pathList, "", "", "[]", func(ctx context.Context, c *Client) (any, error) {
			return c.ListInvoices(ctx, Filter{}, Page{})
		}, []Invoice{}},
		{pathCount, "status[]=expired&status[]=sent&status[]=paid&start_date=2014-04-15&end_date=2014-04-25", "", `{"statuses":[{"status":"paid","count":"3"}],"fullcount":[{"count":"7"}]}`, func(ctx context.Context, c *Client) (any, error) {
			return c.CountInvoices(ctx, filter)
		}, Count{ByStatus: map[string]int{"paid": 3}, Full: 7}},
		{pathSearch, "query=A-1&start_date=2014-04-15&end_date=2014-04-25", "", "[" + sample + "]", func(ctx context.Context, c *Client) (any, error) {
			// The day is Moscow's, whatever zone the time has.
			return c.SearchInvoices(ctx, "A-1", day("2014-04-15").UTC(), day("2014-04-25").UTC())
		}, []Invoice{wantSample(t)}},
		{pathSearch, "query=%D0%90%26b", "", "[]", func(ctx context.Context, c *Client) (any, error) {
			return c.SearchInvoices(ctx, "А&b", time.Time{}, time.Time{})
		}, []Invoice{}},
		{pathPreview, "", "pay_amount=1500.00&clientid=Иванов Иван&service_name=Услуга&client_email=ivanov@example.com&client_phone=%2B7 900 000-00-00&expiry=2014-04-12&token=token-one", preview, func(ctx context.Context, c *Client) (any, error) {
			request := sampleRequest(t)
			request.OrderID = ""
			return c.CreateInvoice(ctx, request)
		}, NewInvoice{ID: invoiceID, URL: "https://demo.server.paykeeper.ru/bill/20140402085214805/"}},
		{pathPreview, "", "pay_amount=0.10&token=token-one", `[{"invoice_id":20140402085214805}]`, func(ctx context.Context, c *Client) (any, error) {
			return c.CreateInvoice(ctx, CreateInvoiceRequest{Amount: clienttest.Decimal(t, "0.1")})
		}, NewInvoice{ID: invoiceID, URL: "BASE/bill/20140402085214805/"}},
		{pathSend, "", "id=20140402085214805&token=token-one", success, func(ctx context.Context, c *Client) (any, error) {
			return nil, c.SendInvoice(ctx, invoiceID)
		}, nil},
		{pathRevoke, "", "id=20140402085214805&token=token-one", success, func(ctx context.Context, c *Client) (any, error) {
			return nil, c.RevokeInvoice(ctx, invoiceID)
		}, nil},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			// A byte order mark and empty lines around an answer do no harm.
			for _, around := range []string{"", "\n", "\xef\xbb\xbf\n"} {
				s := newServer(t, map[string][]reply{test.path: {ok(around + test.answer + "\n")}})
				s.URL += "//"
				got, err := test.call(t.Context(), clientOf(s))
				if err != nil {
					t.Fatal(err)
				}
				if created, isNew := got.(*NewInvoice); isNew {
					created.URL = strings.Replace(created.URL, strings.TrimRight(s.URL, "/"), "BASE", 1)
				}
				clienttest.Same(t, got, test.want)
				request := s.Last()
				method, contentType := "GET", ""
				if test.form != "" {
					method, contentType = "POST", "application/x-www-form-urlencoded"
				}
				credentials := base64.StdEncoding.EncodeToString([]byte(login + ":" + password))
				clienttest.Same(t, []string{request.Method, request.Path, request.Header.Get("Authorization"), request.Header.Get("Content-Type"), request.Header.Get("Accept")},
					[]string{method, test.path, "Basic " + credentials, contentType, "application/json"})
				wantValues(t, request.Query, test.query)
				wantValues(t, request.Body, test.form)
			}
		})
	}
}

func wantValues(t *testing.T, got, want string) {
	t.Helper()
	g, err := url.ParseQuery(got)
	if err != nil {
		t.Error(err)
	}
	w, err := url.ParseQuery(want)
	if err != nil {
		t.Error(err)
	}
	clienttest.Same(t, g, w)
}

// Every answer to a stranger is the same clear error.
func TestWrongLoginOrServer(t *testing.T) {
	const page = "<!DOCTYPE html><html><body>Войдите</body></html>"
	for _, answer := range []reply{
		{Status: 401}, {Status: 401, Body: page}, {Status: 401, Body: `{"result":"fail","msg":"Счёт не найден."}`},
		{Status: 303, Header: []string{"Location", "/login/?next=secret"}}, {Status: 302, Body: page}, {Status: 307},
		{Status: 200, Body: page}, {Status: 200, Body: "\n<html>"},
	} {
		s := newServer(t, map[string][]reply{pathToken: {answer}, pathByID: {answer}, pathList: {answer}, pathCount: {answer}, pathSearch: {answer}})
		c := clientOf(s)
		for name, call := range calls(t) {
			err := call(t.Context(), c)
			if !errors.Is(err, ErrWrongLogin) {
				t.Fatalf("%d %s, %s: %v", answer.Status, answer.Body, name, err)
			}
			clienttest.Contains(t, err.Error(), "PayKeeper, /", "HTTP ", "wrong login or server")
			if strings.Contains(err.Error(), "secret") || errors.Is(err, ErrNoSearch) {
				t.Error(err)
			}
			// No call that changes anything was sent.
			if strings.Contains(s.Steps(), "preview") || transport.OutcomeOf(err) == transport.Unclear && name[0] == '!' {
				t.Errorf("%s: %s: %v", name, s.Steps(), err)
			}
		}
	}
}

// calls lists all calls, and marks those that change something.
func calls(t *testing.T) map[string]func(context.Context, *Client) error {
	t.Helper()
	return map[string]func(context.Context, *Client) error{
		"find": func(ctx context.Context, c *Client) error { _, err := c.FindInvoice(ctx, invoiceID); return err },
		"list": func(ctx context.Context, c *Client) error {
			_, err := c.ListInvoices(ctx, Filter{}, Page{})
			return err
		},
		"count": func(ctx context.Context, c *Client) error { _, err := c.CountInvoices(ctx, Filter{}); return err },
		"search": func(ctx context.Context, c *Client) error {
			_, err := c.SearchInvoices(ctx, "A-1", time.Now(), time.Now())
			return err
		},
		"!create": func(ctx context.Context, c *Client) error {
			_, err := c.CreateInvoice(ctx, sampleRequest(t))
			return err
		},
		"!send":   func(ctx context.Context, c *Client) error { return c.SendInvoice(ctx, invoiceID) },
		"!revoke": func(ctx context.Context, c *Client) error { return c.RevokeInvoice(ctx, invoiceID) },
	}
}

func TestRedirectsNeverCarryCredentials(t *testing.T) {
	other := newServer(t, nil)
	for _, status := range []int{301, 302, 303, 307, 308} {
		replies := map[string][]reply{pathToken: {ok(`{"token":"t"}`)}}
		for _, path := range []string{pathByID, pathList, pathCount, pathSearch, pathPreview, pathSend, pathRevoke} {
			replies[path] = []reply{{Status: status, Header: []string{"Location", other.URL + path}}}
		}
		s := newServer(t, replies)
		for name, call := range calls(t) {
			err := call(t.Context(), clientOf(s))
			if !errors.Is(err, ErrWrongLogin) {
				t.Errorf("%s: %v", name, err)
			}
			clienttest.Contains(t, err.Error(), `it redirects to "`+other.URL)
		}
	}
	other.WantSteps(t, "")
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		reply
		code, text string
		outcome    transport.Outcome
	}{
		{ok(`{"result":"fail","msg":"Неверная сумма"}`), "", "Неверная сумма", transport.Refused},
		{ok(`{"result":"fail","msg":"Неверная сумма","error_code":12}`), "12", "Неверная сумма", transport.Refused},
		{ok(`{"result":"fail","msg":"x","error_code":"E1"}`), "E1", "x", transport.Refused},
		{ok(`[{"result":"FAIL","msg":null}]`), "", "", transport.Refused},
		{ok(`{"result":false,"msg":["a"]}`), "", `["a"]`, transport.Refused},
		{ok(`{"result":"error","msg":"x"}`), "", "x", transport.Refused},
		{reply{Status: 400, Body: `{"result":"fail","msg":"x"}`}, "", "x", transport.Refused},
		{reply{Status: 500, Body: `{"result":"fail","msg":"x"}`}, "", "x", transport.Unclear},
		{reply{Status: 500, Body: `oops`}, "", "", transport.Unclear},
		{reply{Status: 502, Body: `<html>Bad gateway</html>`}, "", "", transport.Unclear},
		{ok(``), "", "", transport.Unclear},
		{ok(`null`), "", "", transport.Unclear},
		{ok(`{"result":"success"}`), "", "", transport.Unclear},
		{ok(`{"invoice_id":"","invoice_url":"https://x/"}`), "", "", transport.Unclear},
		{ok(`[]`), "", "", transport.Unclear},
		{cut, "", "", transport.Unclear},
	}
	for _, test := range tests {
		s := newServer(t, map[string][]reply{pathPreview: {test.reply}})
		request := sampleRequest(t)
		request.OrderID = ""
		_, err := clientOf(s).CreateInvoice(t.Context(), request)
		clienttest.Outcome(t, err, test.outcome)
		e, isError := errors.AsType[*transport.Error](err)
		if !isError || e.Code != test.code || e.Text != test.text || errors.Is(err, ErrWrongLogin) {
			t.Errorf("%s: %#v", test.Body, e)
		}
		s.WantSteps(t, "token preview")
	}
}

func TestPreviewURL(t *testing.T) {
	for address, want := range map[string]string{
		`"https://a.b/bill/1/?x=1"`: "https://a.b/bill/1/?x=1",
		`""`:                        "BASE/bill/1/",
		`null`:                      "BASE/bill/1/",
		`"/bill/1/"`:                "BASE/bill/1/",
		`false`:                     "BASE/bill/1/",
	} {
		s := newServer(t, map[string][]reply{pathPreview: {ok(`{"invoice_id":1,"invoice_url":` + address + `}`)}})
		got, err := clientOf(s).CreateInvoice(t.Context(), CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1")})
		if err != nil || strings.Replace(got.URL, s.URL, "BASE", 1) != want {
			t.Errorf("%s: %v, %v", address, got, err)
		}
	}
}

func TestLogsAreMasked(t *testing.T) {
	const token = "0123456789abcdef+/="
	credentials := base64.StdEncoding.EncodeToString([]byte(login + ":" + password))
	for _, answer := range []reply{
		ok(preview), cut, {Status: 500, Body: "token " + token + " is odd, and so is " + credentials}, ok(`{"invoice_id":"` + token), ok(`{"result":"fail","msg":"` + token + password + `"}`),
	} {
		s := newServer(t, map[string][]reply{pathToken: {ok(`[{"token":"` + token + `"}]`)}, pathPreview: {answer}, pathSearch: {none}})
		var logged clienttest.Records
		_, _ = loggingClientOf(s, logged.Log).CreateInvoice(t.Context(), sampleRequest(t))
		text := logged.String()
		clienttest.Contains(t, text, "gateway call", `[{"token":"***"}]`)
		if !answer.Cut {
			clienttest.Contains(t, text, "&token=***", "pay_amount=1500.00")
		}
		for _, secret := range []string{
			token, url.QueryEscape(token), password, url.QueryEscape(password), "Basic", credentials,
		} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is logged: %s", secret, text)
			}
		}
	}
}

// An error about an unreadable token does not show the token.
func TestErrorsHideTheToken(t *testing.T) {
	for _, body := range []string{`{"token":"s3cr3t-tok`, `{"security_token":"s3cr3t-tok"}`, `"s3cr3t-tok"`, `s3cr3t-tok`, `{"data":{"value":"s3cr3t-tok"}}`} {
		s := newServer(t, map[string][]reply{pathToken: {ok(body)}})
		err := clientOf(s).SendInvoice(t.Context(), invoiceID)
		clienttest.Outcome(t, err, transport.NotDone)
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Error(err)
		}
	}
}

// The gateway repeats the token, or the one before it, in the answer to another call. Errors
// and logs hide both.
func TestTokensAreHiddenInOtherAnswers(t *testing.T) {
	s := newServer(t, map[string][]reply{
		pathToken: {ok(`{"token":"first-s3cr3t"}`), ok(`{"token":"second-s3cr3t"}`)},
		pathSend:  {ok(`{"result":"fail","msg":"Токен безопасности не верен."}`), ok(`{"result":"success"}`)},
		pathByID:  {{Status: 400, Body: "session first-s3cr3t, then second-s3cr3t"}},
	})
	c := clientOf(s)
	if err := c.SendInvoice(t.Context(), invoiceID); err != nil {
		t.Fatal(err)
	}
	_, err := c.FindInvoice(t.Context(), invoiceID)
	clienttest.Contains(t, fmt.Sprint(err), "session ***, then ***")
}
