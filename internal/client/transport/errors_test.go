package transport

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestErrorSaysEverythingItKnows(t *testing.T) {
	tests := []struct {
		err  Error
		want string
	}{
		{Error{}, "Invoice, Create: no answer"},
		{Error{Cause: io.EOF}, "Invoice, Create: EOF"},
		{Error{Status: 500}, "Invoice, Create: HTTP 500"},
		{Error{Status: 200, Code: "0", Text: "Неверный логин"}, "Invoice, Create: HTTP 200, error 0, «Неверный логин»"},
		{
			Error{Status: 400, Code: "2", Text: "amount", Cause: io.EOF, Fields: map[string][]string{"b": {"two"}, "a": {"one", "more"}, "c": nil}},
			"Invoice, Create: HTTP 400, error 2, «amount», a: «one; more», b: «two», c: «», EOF",
		},
	}
	client := New(Config{Name: "Invoice"})
	for _, test := range tests {
		// The order of a map must not show, so this runs often.
		for range 20 {
			if got := client.Error("Create", &test.err).Error(); got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		}
		if test.err.Cause != nil && !errors.Is(&test.err, test.err.Cause) {
			t.Error("the cause is lost")
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	for err, want := range map[error]Outcome{
		errors.New("unknown"):    Unclear,
		&Error{Outcome: NotDone}: NotDone,
		&Error{}:                 Unclear,
		fmt.Errorf("around: %w", &Error{Outcome: Refused}): Refused,
	} {
		if got := OutcomeOf(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
	if OutcomeOf(nil) != Unclear {
		t.Error("nobody has proved anything about nil")
	}
}

func TestUnusableSaysWhatCameInstead(t *testing.T) {
	cause := errors.New("it holds no id")
	tests := []struct {
		name, body string
		status     int
		cause      error
		want       string
	}{
		{"HTML", page, 200, cause, "HTTP 200, the answer is an HTML page, not JSON: base_url may name the wrong server, or a proxy answered: «<!DOCTYPE html>"},
		{"HTML after blanks", " \n<html>", 200, nil, "an HTML page"},
		{"XML", "<Response/>", 200, nil, "an HTML page"},
		{"HTML on an error status", page, 502, nil, "HTTP 502, the answer is an HTML page"},
		{"nothing", "", 200, cause, "the answer is empty"},
		{"blanks", " \r\n", 500, nil, "the answer is empty"},
		{"not what was expected", `{"a":1}`, 200, cause, "the answer cannot be read: it holds no id: «{\"a\":1}»"},
		{"no reason given", `{"a":1}`, 502, nil, "HTTP 502, unexpected answer: «{\"a\":1}»"},
		{"a long text", strings.Repeat("x ", 500), 500, nil, strings.Repeat("x ", 100) + "…»"},
		{"a redirect before everything else", page, 302, cause, "redirected to \"\": wrong login"},
		{"400 is no redirect", "bad", 400, nil, "HTTP 400, unexpected answer: «bad»"},
		{"299 is none either", "odd", 299, nil, "HTTP 299, unexpected answer: «odd»"},
		{"300 is one", "", 300, nil, "redirected to"},
		{"no HTML", "1 < 2", 200, nil, "unexpected answer: «1 < 2»"},
	}
	for _, test := range tests {
		err := (&Answer{Status: test.status, Body: []byte(test.body)}).Unusable(test.cause)
		wantContains(t, err.Error(), test.want)
		if test.status/100 != 3 && strings.Contains(err.Error(), "redirected") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestOutcomeOfAStatus(t *testing.T) {
	for status, want := range map[int]Outcome{
		200: Unclear, 204: Unclear, 299: Unclear, 300: Unclear, 301: Refused, 302: Unclear, 303: Unclear, 304: Unclear, 307: Refused, 308: Refused,
		400: Refused, 401: Refused, 403: Refused, 404: Refused, 407: Refused, 408: Unclear, 409: Unclear, 413: Refused, 422: Refused, 425: Refused,
		429: NotDone, 451: Refused, 460: Unclear, 499: Unclear, 500: Unclear, 503: Unclear, 599: Unclear,
	} {
		a := &Answer{Status: status}
		if got := a.outcome(); got != want || a.Unusable(nil).Outcome != want {
			t.Errorf("HTTP %d: %d, want %d", status, got, want)
		}
	}
}
