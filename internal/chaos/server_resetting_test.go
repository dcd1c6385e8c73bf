//go:build unix

package chaos

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

var quiet = log.New(io.Discard, "", 0)

// startResetting starts a server that carries requests out. To those in HTTP/2 it then
// says that it has not: with RST_STREAM and REFUSED_STREAM, or with a GOAWAY that leaves
// the request out. Clients of HTTP/2 then silently repeat what they have sent, POST
// included.
func startResetting(t *testing.T, upstream string) endpoint {
	t.Helper()
	certificate, key := newCertificate(t, t.TempDir())
	pair, err := tls.LoadX509KeyPair(certificate, key)
	check(t, err)
	gateway := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: upstream})
		r.Out.Host = r.In.Host
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}, ErrorLog: quiet}
	inHTTP2 := &atomic.Int64{}
	server := httptest.NewUnstartedServer(gateway)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}
	server.Config.ErrorLog = quiet
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, connection *tls.Conn, _ http.Handler) { resetStreams(connection, gateway, inHTTP2) },
	}
	server.StartTLS()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return endpoint{base: server.URL, certificate: certificate, inHTTP2: inHTTP2}
}

// resetStreams serves one connection of HTTP/2, and counts its requests.
func resetStreams(connection net.Conn, handler http.Handler, requests *atomic.Int64) {
	defer func() { _ = connection.Close() }()
	if _, err := io.ReadFull(connection, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(connection, connection)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	if framer.WriteSettings() != nil {
		return
	}
	headers, bodies := map[uint32]*http2.MetaHeadersFrame{}, map[uint32]*bytes.Buffer{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		stream, ended := frame.Header().StreamID, false
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() && framer.WriteSettingsAck() != nil {
				return
			}
		case *http2.PingFrame:
			if framer.WritePing(true, frame.Data) != nil {
				return
			}
		case *http2.MetaHeadersFrame:
			headers[stream], bodies[stream], ended = frame, &bytes.Buffer{}, frame.StreamEnded()
		case *http2.DataFrame:
			if body := bodies[stream]; body != nil {
				body.Write(frame.Data())
				ended = frame.StreamEnded()
			}
		}
		if !ended {
			continue
		}
		carryOut(headers[stream], bodies[stream], handler)
		if requests.Add(1)%2 == 0 {
			_ = framer.WriteGoAway(max(stream, 2)-2, http2.ErrCodeNo, nil)
			return
		}
		if framer.WriteRSTStream(stream, http2.ErrCodeRefusedStream) != nil {
			return
		}
	}
}

// carryOut carries a request out, and drops the answer.
func carryOut(headers *http2.MetaHeadersFrame, body io.Reader, handler http.Handler) {
	// The sandbox panics to cut a connection.
	defer func() { _ = recover() }()
	req := httptest.NewRequest(headers.PseudoValue("method"), headers.PseudoValue("path"), body)
	req.Host = headers.PseudoValue("authority")
	for _, field := range headers.RegularFields() {
		req.Header.Add(field.Name, field.Value)
	}
	handler.ServeHTTP(httptest.NewRecorder(), req)
}
