package sandbox

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
)

// p2pTries is how often a notification is tried in all: two more times after
// the first [V].
const p2pTries = 3

// notifyP2P tells merchants of invoices whose status has just changed. It does
// not wait for them.
func (s *Sandbox) notifyP2P(changed ...P2PInvoice) {
	dialect := s.currentDialect()
	for _, i := range changed {
		if !onLoopback(i.NotificationURL) {
			continue
		}
		body, err := phpJSON(map[string]any{"notificationType": "invoice", "invoice": i.dto(dialect, i.Base)})
		if err != nil {
			continue
		}
		before, tried := s.p2p.queue(i.ID)
		s.spawn(func() { s.deliverP2P(i, body, before, tried) })
	}
}

// queue answers what to wait for before an invoice's next notification, nil if
// nothing, and what to close once that has been tried.
func (p *p2pState) queue(id string) (before, tried chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[string]chan struct{}{}
	}
	before, tried = p.last[id], make(chan struct{})
	p.last[id] = tried
	return before, tried
}

// deliverP2P tries to deliver one notification until it is taken, which is
// what a 2xx says [I]. A change of status does not wait for the repeats of the
// one before it, only for its first try.
func (s *Sandbox) deliverP2P(i P2PInvoice, body []byte, before <-chan struct{}, tried chan<- struct{}) {
	if before != nil {
		select {
		case <-before:
		case <-s.stopped.Done():
		}
	}
	for try := range p2pTries {
		if try > 0 {
			select {
			case <-time.After(s.options.P2PNotificationInterval):
			case <-s.stopped.Done():
			}
		}
		taken := s.stopped.Err() != nil || s.postP2P(i, body)
		if try == 0 {
			close(tried)
		}
		if taken {
			return
		}
	}
}

// postP2P tries once.
func (s *Sandbox) postP2P(i P2PInvoice, body []byte) bool {
	request, err := http.NewRequestWithContext(s.stopped, http.MethodPost, i.NotificationURL, bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Notification-Token", i.NotificationToken)
	response, err := p2pMessenger.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode >= 200 && response.StatusCode < 300
}

// p2pMessenger reaches loopback and nothing else, whatever a name resolves to,
// through no proxy and no redirect: a configuration under trial may name the
// address of a real shop, which must not hear of payments that never were.
var p2pMessenger = &http.Client{
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

// onLoopback says whether an address is one the sandbox sends to.
func onLoopback(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(parsed.Hostname())
	return parsed.Hostname() == "localhost" || (err == nil && ip.Unmap().IsLoopback())
}
