package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Connections kept open to a gateway: as many as Terraform's default
// parallelism has calls under way.
const idleConnections = 10

// connections carries requests. What is never repeated gets a connection of its
// own: on one that was kept, a server that closes it at that moment leaves nobody
// knowing whether the request arrived.
type connections struct{ kept, fresh *http.Transport }

func newConnections() *connections {
	c := &connections{kept: newTransport(), fresh: newTransport()}
	c.fresh.DisableKeepAlives = true
	return c
}

func (c *connections) RoundTrip(req *http.Request) (*http.Response, error) {
	if repetitionOf(req.Context()) == never {
		return c.fresh.RoundTrip(req)
	}
	return c.kept.RoundTrip(req)
}

func newTransport() *http.Transport {
	// HTTP/2 would repeat a request by itself after a reset stream, a POST too, and
	// nobody above it would see that. The guide speaks HTTP/1.1 (Invoice API,
	// section 6.2).
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Protocols:           protocols,
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConns:        idleConnections,
		MaxIdleConnsPerHost: idleConnections,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		// The guide asks for TLS 1.2 or newer (Invoice API, section 6.2).
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
}
