package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// network is a TCP proxy in front of the sandbox, which can be made to fail.
type network struct {
	t       *testing.T
	proxy   *toxiproxy.Proxy
	address string
	toxics  []string
	mu      sync.Mutex
	isDown  bool
}

func newNetwork(t *testing.T, upstream string) *network {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	n := &network{t: t, proxy: toxiproxy.NewProxy(server, "gateways", "127.0.0.1:0", upstream)}
	check(t, n.proxy.Start())
	t.Cleanup(n.proxy.Stop)
	// The port stays the same when the proxy is taken down and up again.
	n.address = n.proxy.Listen
	return n
}

// The directions of a toxic.
const answers, requests = "downstream", "upstream"

// addToxic adds a toxic. toxicity is the share of the connections that it hits.
func (n *network) addToxic(direction, kind string, toxicity float64, attributes map[string]any) {
	n.t.Helper()
	name := fmt.Sprintf("%s_%d", kind, len(n.toxics))
	toxic, err := json.Marshal(map[string]any{"name": name, "type": kind, "stream": direction, "toxicity": toxicity, "attributes": attributes})
	check(n.t, err)
	_, err = n.proxy.Toxics.AddToxicJson(strings.NewReader(string(toxic)))
	check(n.t, err)
	n.toxics = append(n.toxics, name)
}

// restore removes all toxics, and accepts connections again.
func (n *network) restore() {
	n.t.Helper()
	for _, name := range n.toxics {
		check(n.t, n.proxy.Toxics.RemoveToxic(context.Background(), name))
	}
	n.toxics = nil
	n.bringUp()
}

// takeDown refuses connections, and cuts those that are open.
func (n *network) takeDown() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.proxy.Stop()
	n.isDown = true
}

func (n *network) bringUp() {
	n.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.isDown {
		return
	}
	// Another program may have the port for a moment.
	var err error
	for range 50 {
		if err = n.proxy.Start(); err == nil {
			n.isDown = false
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	n.t.Error(err)
}

// storms are the ways in which a network fails. A connection carries several calls, so
// one that is cut after some bytes ends in the middle of an answer.
var storms = []struct {
	name  string
	begin func(*network, *rand.Rand)
}{
	{"answers cut in the middle", func(n *network, dice *rand.Rand) {
		n.addToxic(answers, "limit_data", 1, map[string]any{"bytes": 500 + dice.IntN(3000)})
	}},
	{"requests cut in the middle", func(n *network, dice *rand.Rand) {
		n.addToxic(requests, "limit_data", 1, map[string]any{"bytes": 500 + dice.IntN(3000)})
	}},
	{"latency", func(n *network, _ *rand.Rand) {
		n.addToxic(answers, "latency", 1, map[string]any{"latency": 30, "jitter": 30})
	}},
	{"connections reset", func(n *network, _ *rand.Rand) { n.addToxic(answers, "reset_peer", 0.5, map[string]any{"timeout": 5}) }},
	{"answers that never come", func(n *network, _ *rand.Rand) { n.addToxic(answers, "timeout", 0.3, map[string]any{"timeout": 300}) }},
	{"answers in small pieces", func(n *network, _ *rand.Rand) {
		n.addToxic(answers, "slicer", 1, map[string]any{"average_size": 60, "size_variation": 30, "delay": 50})
	}},
	{"a thin line", func(n *network, _ *rand.Rand) { n.addToxic(answers, "bandwidth", 1, map[string]any{"rate": 100}) }},
}
