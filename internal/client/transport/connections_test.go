package transport

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// alpn records what clients proposed to a server of HTTP/2.
type alpn struct {
	mu       sync.Mutex
	proposed []string
}

func (a *alpn) note(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.proposed = append(a.proposed, hello.SupportedProtos...)
	return nil, nil
}

func (a *alpn) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.proposed)
}

// newHTTP2Server speaks HTTP/2 with every client that wants to.
func newHTTP2Server(t *testing.T, serve http.HandlerFunc) (*server, *alpn) {
	t.Helper()
	s, a := unstarted(t, serve), &alpn{}
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{GetConfigForClient: a.note}
	s.StartTLS()
	return s, a
}

// trusting makes a client trust servers, and use the proxy if there is one.
func trusting(client *Client, proxy string, servers ...*httptest.Server) {
	for _, carrier := range []http.RoundTripper{client.connections.kept, client.connections.fresh} {
		transport := carrier.(*http.Transport)
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		for _, s := range servers {
			transport.TLSClientConfig.RootCAs.AddCert(s.Certificate())
		}
		if proxy != "" {
			address, _ := url.Parse(proxy)
			transport.Proxy = http.ProxyURL(address)
		}
	}
}

// The server resets streams once it has done the work. Over HTTP/2, Go would send the request
// again by itself, without end.
func TestHTTP2IsNeverSpoken(t *testing.T) {
	protocols := make(chan string, 100)
	for name, serve := range map[string]http.HandlerFunc{
		"answers": answering(200, "{}"),
		"resets":  cutting,
	} {
		for _, safe := range []bool{true, false} {
			s, proposed := newHTTP2Server(t, func(w http.ResponseWriter, r *http.Request) {
				protocols <- r.Proto
				serve(w, r)
			})
			client := New(quick(0))
			trusting(client, "", s.Server)
			_, err := client.Do(t.Context(), callTo(s.URL, safe))
			if (err == nil) != (name == "answers") || err != nil && OutcomeOf(err) != Unclear {
				t.Errorf("%s, safe %t: %v", name, safe, err)
			}
			if len(s.seen()) != 1 {
				t.Errorf("%s, safe %t: %d requests, want 1", name, safe, len(s.seen()))
			}
			if got := <-protocols; got != "HTTP/1.1" || slices.Contains(proposed.seen(), "h2") {
				t.Errorf("%s, safe %t: %s was spoken, proposed were %q", name, safe, got, proposed.seen())
			}
		}
	}
}

// HTTP/2 is spoken neither with a proxy that itself speaks TLS, nor through it.
func TestHTTP2IsNotSpokenThroughAProxy(t *testing.T) {
	target, proposed := newHTTP2Server(t, answering(200, "{}"))
	var tunnels atomic.Int64
	proxy, proposedToProxy := newHTTP2Server(t, func(w http.ResponseWriter, _ *http.Request) {
		tunnels.Add(1)
		tunnel(t, w, target.Listener.Addr().String())
	})
	for i, safe := range []bool{true, false} {
		client := New(quick(0))
		trusting(client, proxy.URL, proxy.Server, target.Server)
		if _, err := client.Do(t.Context(), callTo(target.URL, safe)); err != nil {
			t.Fatal(err)
		}
		if len(target.seen()) != i+1 || tunnels.Load() != int64(i+1) {
			t.Errorf("safe %t: %d requests through %d tunnels", safe, len(target.seen()), tunnels.Load())
		}
	}
	if both := slices.Concat(proposed.seen(), proposedToProxy.seen()); slices.Contains(both, "h2") {
		t.Errorf("proposed were %q", both)
	}
}

// tunnel is what a proxy does on CONNECT.
func tunnel(t *testing.T, w http.ResponseWriter, address string) {
	t.Helper()
	upstream, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { _, _ = io.Copy(upstream, client); _ = upstream.Close() }()
	go func() { _, _ = io.Copy(client, upstream); _ = client.Close() }()
}

// oncePerConnection is a server that keeps a connection and cuts it as soon as a second request
// begins on it. So does a server that closes idle connections, if the client is unlucky. It
// counts the requests that it serves.
func oncePerConnection(t *testing.T) (address string, served *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	served = &atomic.Int64{}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = connection.Close() }()
				reader := bufio.NewReader(connection)
				request, err := http.ReadRequest(reader)
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, request.Body)
				served.Add(1)
				_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
				_, _ = reader.ReadByte()
			}()
		}
	}()
	return "http://" + listener.Addr().String(), served
}

// Between reads that leave connections behind, two hundred calls are sent once. Each is served,
// and none leaves a doubt.
func TestWhatIsSentOnceGetsItsOwnConnection(t *testing.T) {
	address, served := oncePerConnection(t)
	client := New(quick(2))
	for i := range 200 {
		if i%10 == 0 {
			if _, err := client.Do(t.Context(), callTo(address, true)); err != nil {
				t.Fatal(err)
			}
		}
		before := served.Load()
		if _, err := client.Do(t.Context(), callTo(address, false)); err != nil || served.Load() != before+1 {
			t.Fatalf("call %d: %v, served %d times", i+1, err, served.Load()-before)
		}
	}
}

// As many connections are opened as calls are under way at once, and they are kept. A few
// more may be opened: a call that waits for a new one takes any that gets free meanwhile.
func TestAsManyConnectionsAsCallsAtOnce(t *testing.T) {
	const calls = 500
	for _, c := range []struct {
		name                 string
		atOnce, perConn, max int
	}{
		{"the usual parallelism", 10, 0, 12},
		{"a large one", 50, 0, 60},
		{"closed after 20 calls", 10, 20, 3 * calls / 20},
		{"closed after 20 calls, a large one", 50, 20, 3 * calls / 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			var used sync.Map // calls by connection
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				served, _ := used.LoadOrStore(r.RemoteAddr, new(atomic.Int64))
				if served.(*atomic.Int64).Add(1) == int64(c.perConn) {
					w.Header().Set("Connection", "close")
				}
				time.Sleep(5 * time.Millisecond)
				_, _ = io.WriteString(w, "{}")
			})
			client := New(quick(0))
			for range calls / c.atOnce { // between two waves, all are idle
				var wave errgroup.Group
				for range c.atOnce {
					wave.Go(func() error {
						_, err := client.Do(t.Context(), callTo(s.URL, true))
						return err
					})
				}
				if err := wave.Wait(); err != nil {
					t.Error(err)
				}
			}
			if got := s.connections(); len(s.seen()) != calls || got > c.max || got < c.atOnce/2 {
				t.Errorf("%d calls on %d connections, want %d on at most %d", len(s.seen()), got, calls, c.max)
			}
		})
	}
}
