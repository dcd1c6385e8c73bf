package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is written by the program while the test reads it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launch runs the program until the test ends or stop is called, which
// returns how it ended.
func launch(t *testing.T, args ...string) (base string, stdout, stderr *output, stop func() error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "url")
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	stdout, stderr = &output{}, &output{}
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"-addr", "127.0.0.1:0", "-url-file", file}, args...), stdout, stderr)
	}()
	for range 500 {
		if content, err := os.ReadFile(file); err == nil {
			return string(content), stdout, stderr, func() error { cancel(); return <-ended }
		}
		select {
		case err := <-ended:
			t.Fatalf("ended: %v\n%s", err, stderr)
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("no address was written")
	return
}

// send makes one request and returns the body that came back. change gives the
// request what its gateway expects.
func send(t *testing.T, method, url, body string, change func(*http.Request)) string {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	change(request)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func call(t *testing.T, base, operation, body string) string {
	t.Helper()
	return send(t, http.MethodPost, base+"/invoice/api/v2/"+operation, body, func(r *http.Request) {
		r.SetBasicAuth("c24360cfac0a0c40c518405f6bc68cb0", "1526fec01b5d11f4df4f2160627ce351")
		r.Header.Set("Content-Type", "application/json")
	})
}

func wantParts(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
}

func TestServesAndStops(t *testing.T) {
	db := filepath.Join(t.TempDir(), "sandbox.db")
	base, stdout, stderr, stop := launch(t, "-db", db, "-dialect", "ids=number", "-dialect", "expired=fail")
	wantParts(t, stdout.String(), "INVOICE_BASE_URL="+base+"/invoice/api/v2\n", "INVOICE_MERCHANT_ID=c24360cfac0a0c40c518405f6bc68cb0\n",
		"INVOICE_API_KEY=1526fec01b5d11f4df4f2160627ce351\n", "INVOICE_PAYKEEPER_BASE_URL="+base+"/paykeeper\n", "INVOICE_PAYKEEPER_LOGIN=demo\n", "INVOICE_PAYKEEPER_PASSWORD=demo\n",
		"INVOICE_P2P_BASE_URL="+base+"/p2p\n", "INVOICE_P2P_API_KEY=demo-api-key\n", "INVOICE_P2P_SECRET_KEY=demo-secret-key\n",
		"INVOICE_INTELLECTMONEY_BASE_URL="+base+"/intellectmoney\n", "INVOICE_INTELLECTMONEY_BEARER_TOKEN=demo-bearer-token\n",
		"INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY=demo-sign-secret-key\n", "INVOICE_INTELLECTMONEY_USER_TOKEN=demo/user+token\n",
		base+"/paykeeper/outbox/", base+"/sandbox/journal", base+"/sandbox/controls", base+"/sandbox/env)",
		"5543735484626654", "4000000000009995", "Dialect: ids=number expired=fail\n")
	created := call(t, base, "CreateTerminal", `{"name":"secret name","alias":"a"}`)
	if !strings.Contains(created, `"id":45`) {
		t.Error(created)
	}
	call(t, base, "GetTerminal", `{"alias":"nope"}`)
	if err := stop(); err != nil {
		t.Error(err)
	}
	log := stderr.String()
	if !strings.Contains(log, `POST "CreateTerminal" 200`) || !strings.Contains(log, `POST "GetTerminal" 400`) || strings.Count(log, "\n") != 2 {
		t.Errorf("log %q", log)
	}
	for _, part := range []string{"secret name", "1526fec01b5d11f4df4f2160627ce351"} {
		if strings.Contains(log, part) {
			t.Errorf("%q in the log %q", part, log)
		}
	}

	base, _, _, _ = launch(t, "-db", db)
	if again := call(t, base, "GetTerminal", `{"alias":"a"}`); !strings.Contains(again, "secret name") {
		t.Errorf("after a restart: %s", again)
	}
}

// Every shop of PayKeeper needs the secret word, so it is printed and on the page.
func TestShowsTheSecretWord(t *testing.T) {
	for want, args := range map[string][]string{"demo-secret-word": nil, "зимородок": {"-paykeeper-secret-word", "зимородок"}} {
		base, stdout, _, stop := launch(t, append(args, "-db", "")...)
		wantParts(t, stdout.String(), "secret word "+want+".\n")
		if page := send(t, http.MethodGet, base+"/", "", func(*http.Request) {}); !strings.Contains(page, want) {
			t.Errorf("%s is not on the page", want)
		}
		_ = stop()
	}
}

// A history is made up once, and the limit of IntellectMoney holds for it.
func TestSeedsAHistory(t *testing.T) {
	db := filepath.Join(t.TempDir(), "sandbox.db")
	base, stdout, _, stop := launch(t, "-db", db, "--seed-history", "30", "-intellectmoney-most-invoices", "7")
	count := func(base string) string {
		t.Helper()
		page := send(t, http.MethodGet, base+"/?gateway=paykeeper", "", func(*http.Request) {}) + send(t, http.MethodGet, base+"/?gateway=intellectmoney", "", func(*http.Request) {})
		return fmt.Sprint(strings.Count(page, "/paykeeper/bill/"), " ", strings.Count(page, ">30000000"))
	}
	if got := count(base); got != "30 30" || !strings.Contains(stdout.String(), "Made up 30 invoices") {
		t.Errorf("%s invoices; %s", got, stdout)
	}
	if answer := history(t, base); !strings.Contains(answer, "Слишком большое количество счетов") {
		t.Error(answer)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	base, stdout, _, _ = launch(t, "-db", db, "-seed-history=40")
	if got := count(base); got != "30 30" || !strings.Contains(stdout.String(), "already") {
		t.Errorf("%s invoices; %s", got, stdout)
	}
	if answer := history(t, base); !strings.Contains(answer, `"Id":30000000`) {
		t.Error(answer)
	}
}

// history asks IntellectMoney for five invoices of all organisations.
func history(t *testing.T, base string) string {
	t.Helper()
	sum := sha256.Sum256([]byte("demo/user+token::::5::::::::::::::::true::::::::demo-sign-secret-key"))
	return send(t, http.MethodPost, base+"/intellectmoney/personal/payment/getInvoicesHistory", `{"UserToken":"demo/user+token","Take":5,"IsHoldingSearch":true}`, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer demo-bearer-token")
		r.Header.Set("Sign", hex.EncodeToString(sum[:]))
		r.Header.Set("Accept", "application/json")
	})
}

func TestRefusedCommandLines(t *testing.T) {
	for want, args := range map[string][]string{
		"loopback":            {"-addr", "0.0.0.0:0"},
		"[::1]":               {"-addr", ":8085"},
		"such as 127.0.0.1":   {"-addr", "example.com:80"},
		"missing port":        {"-addr", "127.0.0.1"},
		`"hex", "number"`:     {"-dialect", "ids=uuid"},
		"ids=hex|number":      {"-dialect", "nope=1"},
		"must be positive":    {"-link-lifetime", "0s"},
		"unexpected argument": {"serve"},
		"-interval 0s":        {"-notification-interval", "0s"},
		"-notify-host a b":    {"-notify-host", "a b"},
		"-notify-host x:80":   {"-notify-host", "x:80"},
		"not on this machine": {"-paykeeper-notify", "https://shop.example/hook"},
		"none of http":        {"-invoice-notify", "shop"},
		"-requisites -1":      {"-p2p-requisites", "-1"},
		"-invoices -1":        {"-intellectmoney-most-invoices", "-1"},
		"-history -5":         {"--seed-history", "-5"},
		"-mount nope":         {"-mount", "nope"},
		"-secret-word: must":  {"-paykeeper-secret-word", ""},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := run(ctx, append([]string{"-db", ""}, args...), io.Discard, io.Discard)
		cancel()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestHelpListsTheDialect(t *testing.T) {
	var stderr bytes.Buffer
	if err := run(context.Background(), []string{"-help"}, io.Discard, &stderr); err == nil {
		t.Error("it ran")
	}
	wantParts(t, stderr.String(), "-addr", "-url-file", "-mount gateway", "-tls", "invoice, paykeeper, p2p, intellectmoney", "ids=hex|number", "refund_status=successful|init|fail")
}
