package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// maxIdleConnections is how many connections to a gateway are kept open. It is more than
// any usual -parallelism, so that as many are kept as were used at once: one that is
// closed is opened anew a moment later. Nothing limits how many are open, since a call
// would have to wait.
const maxIdleConnections = 128

// connections carry requests, on connections that are kept, and on fresh ones.
type connections struct{ kept, fresh http.RoundTripper }

func newConnections() connections {
	kept, fresh := newTransport(), newTransport()
	fresh.DisableKeepAlives = true
	return connections{kept, fresh}
}

// of returns what carries a call. One that is never repeated gets a connection of its
// own: on one that was kept, a server that closes it at that moment leaves nobody
// knowing whether the request arrived.
func (c connections) of(rule Rule) http.RoundTripper {
	if rule.repeat == never {
		return c.fresh
	}
	return c.kept
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
		MaxIdleConns:        maxIdleConnections,
		MaxIdleConnsPerHost: maxIdleConnections,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		// The guide asks for TLS 1.2 or newer (Invoice API, section 6.2).
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
}
