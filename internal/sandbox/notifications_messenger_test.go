package sandbox

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAddressesOfThisMachine(t *testing.T) {
	m := newMessenger([]string{"Shop", "10.1.2.3"})
	for address, want := range map[string]string{
		"http://127.0.0.1:1/": "", "http://localhost/x": "", "http://[::1]:8080/": "", "https://127.9.9.9/": "", "http://[::ffff:127.0.0.1]/": "",
		"http://LOCALHOST:9000/": "", "http://a.localhost:9000/": "", "http://localhost.:9000/": "", "http://localhost:65535/": "", "http://localhost:/": "",
		"http://127.0.0.1:0/": reasonNoPort, "http://127.0.0.1:99999/": reasonNoPort, "http://localhost:65536/": reasonNoPort, "http://shop:99999999999999999999/": reasonNoPort,
		"http://notlocalhost/": reasonNotThisHost, "http://shop:9000/x": "", "https://SHOP/": "", "http://10.1.2.3/": "",
		"https://example.com/": reasonNotThisHost, "http://10.0.0.1/": reasonNotThisHost, "http://localhost.example.com/": reasonNotThisHost,
		"http://127.0.0.1@example.com/": reasonNotThisHost, "http://shop@example.com/": reasonNotThisHost, "http://shop.example/": reasonNotThisHost,
		"http://0.0.0.0/": reasonNotThisHost, "http://2130706433/": reasonNotThisHost, "http://127.1/": reasonNotThisHost,
		"": reasonNoAddress, "http://%zz/": reasonNoURL, "127.0.0.1:80": reasonNoURL, "ftp://127.0.0.1/": reasonNoURL, "/x": reasonNoURL, "http://": reasonNoURL,
	} {
		if got := m.reasonAgainst(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

// The last line of defence: a name that resolves to somewhere else.
func TestMessengerDialsLoopbackOnly(t *testing.T) {
	for _, address := range []string{"http://192.0.2.1/", "http://0.0.0.0:1/", "http://[2001:db8::1]/"} {
		try := newMessenger([]string{"shop"}).post(context.Background(), address, Delivery{})
		if try.Status != 0 || try.Problem != problemConnection || !strings.Contains(try.Detail, "not on loopback") {
			t.Errorf("%s: %+v", address, try)
		}
	}
}

// Resolvers do not know each name that stands for this machine.
func TestMessengerDialsNamesOfThisMachine(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for n, host := range []string{"localhost", "LocalHost", "localhost.", "shop.localhost", "a.B.localhost."} {
		if try := newMessenger(nil).post(context.Background(), "http://"+host+":"+port+"/", Delivery{}); try.Problem != "" || asked != n+1 {
			t.Errorf("%s: %+v, asked %d times", host, try, asked)
		}
	}
}

// An address of this machine that is not loopback stands for a container's
// neighbour.
func TestMessengerDialsNamedHosts(t *testing.T) {
	asked := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	listener, host := listenBeyondLoopback(t)
	server.Listener = listener
	server.Start()
	defer server.Close()
	if try := newMessenger(nil).post(context.Background(), server.URL, Delivery{}); try.Problem != problemConnection || asked != 0 {
		t.Errorf("not named: %+v, asked %d times", try, asked)
	}
	if try := newMessenger([]string{host}).post(context.Background(), server.URL, Delivery{}); try.Problem != "" || asked != 1 {
		t.Errorf("named: %+v, asked %d times", try, asked)
	}
}

func listenBeyondLoopback(t *testing.T) (net.Listener, string) {
	t.Helper()
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if on, isNet := address.(*net.IPNet); isNet && on.IP.To4() != nil && !on.IP.IsLoopback() {
			if listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort(on.IP.String(), "0")); err == nil {
				return listener, on.IP.String()
			}
		}
	}
	t.Skip("this machine has no address but loopback")
	return nil, ""
}

// A redirect is an answer. It is not followed: it may lead to a real shop.
func TestMessengerFollowsNoRedirect(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	if try := newMessenger(nil).post(context.Background(), server.URL, Delivery{}); try.Status != 307 || try.Problem != problemStatus || asked != 1 {
		t.Errorf("%+v, asked %d times", try, asked)
	}
}

func TestBeginningOfAnswers(t *testing.T) {
	for answer, want := range map[string]string{
		"short": "short", "a\xffb": "a\uFFFDb", strings.Repeat("я", 501): strings.Repeat("я", 500) + "…", "x" + strings.Repeat("я", 500): "x" + strings.Repeat("я", 499) + "…",
	} {
		if got := beginning(answer); got != want {
			t.Errorf("%d bytes: got %q", len(answer), got)
		}
	}
}
