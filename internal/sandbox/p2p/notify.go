package p2p

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// maxTries is how often a notification is sent at most [V].
const maxTries = 3

// notify sends notifications about invoices whose status has just changed. It
// does not wait for them.
func (g *Gateway) notify(changed []Invoice) {
	for _, i := range changed {
		if !onLoopback(i.NotificationURL) {
			continue
		}
		body, err := sandbox.PHPJSON(map[string]any{"notificationType": "invoice", "invoice": g.dto(i, i.Base)})
		if err != nil {
			continue
		}
		before, tried, generation := g.queue(i.ID)
		g.Go(func() { g.deliver(i, body, before, tried, generation) })
	}
}

// queue returns the channel that an invoice's next notification waits for, nil
// if there is none, and the channel to close after its first try.
func (g *Gateway) queue(id string) (before, tried chan struct{}, generation int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before, tried = g.last[id], make(chan struct{})
	g.last[id] = tried
	return before, tried, g.forgotten
}

// forget ends the notifications that wait.
func (g *Gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = map[string]chan struct{}{}
	g.forgotten++
}

func (g *Gateway) isForgotten(generation int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.forgotten != generation
}

// deliver sends one notification until the merchant accepts it with a 2xx [I].
// The next notification of the invoice waits for the first try only.
func (g *Gateway) deliver(i Invoice, body []byte, before <-chan struct{}, tried chan<- struct{}, generation int) {
	if before != nil {
		select {
		case <-before:
		case <-g.Stopped().Done():
		}
	}
	for try := range maxTries {
		if try > 0 {
			g.Wait(g.options.NotificationInterval, nil)
		}
		taken := g.Stopped().Err() != nil || g.isForgotten(generation) || g.post(i, body)
		if try == 0 {
			close(tried)
		}
		if taken {
			return
		}
	}
}

// post sends a notification once. It reports whether the merchant has accepted
// it.
func (g *Gateway) post(i Invoice, body []byte) bool {
	request, err := http.NewRequestWithContext(g.Stopped(), http.MethodPost, i.NotificationURL, bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Notification-Token", i.NotificationToken)
	response, err := messenger.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode >= 200 && response.StatusCode < 300
}

// messenger reaches loopback addresses only, whatever a name resolves to, and
// uses no proxy and no redirect. A configuration under test may have the
// address of a real shop, which must not hear of payments that never happened.
var messenger = &http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&net.Dialer{Control: func(_, resolved string, _ syscall.RawConn) error {
				if to, err := netip.ParseAddrPort(resolved); err != nil || !to.Addr().Unmap().IsLoopback() {
					return fmt.Errorf("%s is not on loopback", resolved)
				}
				return nil
			}}).DialContext(ctx, network, address)
		},
	},
}

// onLoopback reports whether the sandbox may send to an address.
func onLoopback(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(parsed.Hostname())
	return parsed.Hostname() == "localhost" || (err == nil && ip.Unmap().IsLoopback())
}
