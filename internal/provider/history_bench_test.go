package provider

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const benchInvoices = 10000

// sandboxProcess is a sandbox in a process of its own, so that its memory does not count. It
// answers in 20 ms.
type sandboxProcess struct {
	url string
	mu  sync.Mutex
	log bytes.Buffer
}

func (p *sandboxProcess) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(text)
}

// requests returns the number of calls since it was last asked.
func (p *sandboxProcess) requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := strings.Count(p.log.String(), `"intellectmoney.history"`) + strings.Count(p.log.String(), `"paykeeper.list`)
	p.log.Reset()
	return count
}

func startSandbox(b *testing.B, flags ...string) *sandboxProcess {
	b.Helper()
	dir := b.TempDir()
	program, urlFile := filepath.Join(dir, "invoice-sandbox"), filepath.Join(dir, "url")
	if output, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "../../cmd/invoice-sandbox").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, output)
	}
	p := &sandboxProcess{}
	command := exec.CommandContext(b.Context(), program, append(flags, "-addr", "127.0.0.1:0", "-db", "", "-url-file", urlFile)...)
	command.Stderr = p
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	for range 600 {
		if url, err := os.ReadFile(urlFile); err == nil {
			p.url = string(url)
			resp, err := http.Post(p.url+"/sandbox/faults", "application/json", strings.NewReader(`{"kind":"delay","delay":"20ms"}`))
			if err != nil || resp.StatusCode >= 300 {
				b.Fatal(resp, err)
			}
			return p
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("the sandbox did not start: %s", p.log.String())
	return nil
}

// peak runs work and returns the maximum growth of the memory in use.
func peak(work func()) uint64 {
	inUse := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := inUse()
	var highest atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			highest.Store(max(highest.Load(), inUse()))
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	work()
	highest.Store(max(highest.Load(), inUse()))
	close(stop)
	<-stopped
	return highest.Load() - min(before, highest.Load())
}

// go test -run '^$' -bench History -benchtime 1x runs this: 10,000 invoices at 20 ms a call.
// For each gateway it prints the number of requests, the peak memory of the client per
// invoice, and the peak memory of the whole data source per invoice.
func BenchmarkHistory(b *testing.B) {
	for _, c := range []struct {
		name, gateway string
		details       bool
		flags         []string
	}{
		{"paykeeper", "paykeeper", false, nil},
		{"paykeeper, pages of 10", "paykeeper", false, []string{"-dialect", "paykeeper_max_page=10"}},
		{"intellectmoney", "intellectmoney", false, nil},
		{"intellectmoney, details", "intellectmoney", true, nil},
		{"intellectmoney, 1000 at once", "intellectmoney", false, []string{"-intellectmoney-most-invoices", "1000"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			box := startSandbox(b, append(c.flags, "-seed-history", strconv.Itoa(benchInvoices))...)
			config := transport.Config{MaxRetries: 2, RequestTimeout: time.Minute, WaitMin: time.Second, WaitMax: time.Second}
			for b.Loop() {
				box.requests()
				count := 0
				client := peak(func() { count = readWithClient(b, box.url, c.gateway, c.details, config) })
				requests := box.requests()
				whole := peak(func() { readWithFramework(b, box.url, c.gateway, c.details) })
				b.ReportMetric(float64(count), "invoices")
				b.ReportMetric(float64(requests), "requests")
				b.ReportMetric(float64(client)/float64(count), "client-B/invoice")
				b.ReportMetric(float64(whole)/float64(count), "whole-B/invoice")
			}
		})
	}
}

// kept holds what was read until its memory is measured.
var kept any

func readWithClient(b *testing.B, url, gatewayName string, details bool, config transport.Config) int {
	b.Helper()
	if gatewayName == "paykeeper" {
		all, _, err := paykeeper.New(url+"/paykeeper", sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword, config).History(b.Context(), paykeeper.Filter{})
		if err != nil {
			b.Fatal(err)
		}
		kept = all
		return len(all)
	}
	all, _, err := intellectmoney.New(url+"/intellectmoney", sandboxintellectmoney.DemoBearerToken, sandboxintellectmoney.DemoSignSecretKey,
		intellectmoney.Credentials{UserToken: sandboxintellectmoney.DemoUserToken}, config).History(b.Context(), intellectmoney.Filter{HoldingSearch: true, Details: details})
	if err != nil {
		b.Fatal(err)
	}
	kept = all
	return len(all)
}

// readWithFramework reads the data source over the plugin protocol.
func readWithFramework(b *testing.B, url, gatewayName string, details bool) {
	b.Helper()
	ctx := context.Background()
	server := newServer(testProvider())
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	object := func(kind tftypes.Type, values map[string]tftypes.Value) tftypes.Value {
		of, _ := kind.(tftypes.Object)
		all := map[string]tftypes.Value{}
		for name, inner := range of.AttributeTypes {
			all[name] = tftypes.NewValue(inner, nil)
		}
		for name, value := range values {
			all[name] = value
		}
		return tftypes.NewValue(of, all)
	}
	providerType, _ := schemas.Provider.ValueType().(tftypes.Object)
	config, err := tfprotov6.NewDynamicValue(providerType, object(providerType, map[string]tftypes.Value{
		"paykeeper": object(providerType.AttributeTypes["paykeeper"], map[string]tftypes.Value{
			"login": text(sandboxpaykeeper.DemoLogin), "password": text(sandboxpaykeeper.DemoPassword), "base_url": text(url + "/paykeeper"),
		}),
		"intellectmoney": object(providerType.AttributeTypes["intellectmoney"], map[string]tftypes.Value{
			"bearer_token": text(sandboxintellectmoney.DemoBearerToken), "sign_secret_key": text(sandboxintellectmoney.DemoSignSecretKey),
			"user_token": text(sandboxintellectmoney.DemoUserToken), "base_url": text(url + "/intellectmoney"),
		}),
	}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: &config}); err != nil {
		b.Fatal(err)
	}
	dataType, _ := schemas.DataSourceSchemas["invoice_history"].ValueType().(tftypes.Object)
	given := map[string]tftypes.Value{"gateway": text(gatewayName)}
	if gatewayName == "intellectmoney" {
		given["intellectmoney"] = object(dataType.AttributeTypes["intellectmoney"], map[string]tftypes.Value{
			"holding_search": tftypes.NewValue(tftypes.Bool, true), "details": tftypes.NewValue(tftypes.Bool, details),
		})
	}
	query, err := tfprotov6.NewDynamicValue(dataType, object(dataType, given))
	if err != nil {
		b.Fatal(err)
	}
	resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: "invoice_history", Config: &query})
	if err != nil || len(resp.Diagnostics) > 0 {
		b.Fatal(err, resp.Diagnostics)
	}
	kept = resp
}
