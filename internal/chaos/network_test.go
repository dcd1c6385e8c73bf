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

// network is a TCP proxy in front of the sandbox that can be told to go wrong.
type network struct {
	t       *testing.T
	proxy   *toxiproxy.Proxy
	address string
	names   []string
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

// spoil adds a toxic; toxicity is the part of the connections that it hits.
func (n *network) spoil(direction, kind string, toxicity float64, attributes map[string]any) {
	n.t.Helper()
	name := fmt.Sprintf("%s_%d", kind, len(n.names))
	toxic, err := json.Marshal(map[string]any{"name": name, "type": kind, "stream": direction, "toxicity": toxicity, "attributes": attributes})
	check(n.t, err)
	_, err = n.proxy.Toxics.AddToxicJson(strings.NewReader(string(toxic)))
	check(n.t, err)
	n.names = append(n.names, name)
}

// heal ends all that is wrong with the network.
func (n *network) heal() {
	n.t.Helper()
	for _, name := range n.names {
		check(n.t, n.proxy.Toxics.RemoveToxic(context.Background(), name))
	}
	n.names = nil
	n.up()
}

// down refuses connections, and cuts those that there are.
func (n *network) down() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.proxy.Stop()
	n.isDown = true
}

func (n *network) up() {
	n.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.isDown {
		return
	}
	// Somebody else may have got the port for a moment.
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

// storms are ways in which a network goes wrong. A connection carries several
// calls, so that one which is cut after some bytes ends in the middle of an
// answer.
var storms = []struct {
	name  string
	spoil func(*network, *rand.Rand)
}{
	{"answers cut in the middle", func(n *network, dice *rand.Rand) {
		n.spoil(answers, "limit_data", 1, map[string]any{"bytes": 500 + dice.IntN(3000)})
	}},
	{"requests cut in the middle", func(n *network, dice *rand.Rand) {
		n.spoil(requests, "limit_data", 1, map[string]any{"bytes": 500 + dice.IntN(3000)})
	}},
	{"latency", func(n *network, _ *rand.Rand) {
		n.spoil(answers, "latency", 1, map[string]any{"latency": 30, "jitter": 30})
	}},
	{"connections reset", func(n *network, _ *rand.Rand) { n.spoil(answers, "reset_peer", 0.5, map[string]any{"timeout": 5}) }},
	{"answers that never come", func(n *network, _ *rand.Rand) { n.spoil(answers, "timeout", 0.3, map[string]any{"timeout": 300}) }},
	{"answers in small pieces", func(n *network, _ *rand.Rand) {
		n.spoil(answers, "slicer", 1, map[string]any{"average_size": 60, "size_variation": 30, "delay": 50})
	}},
	{"a thin line", func(n *network, _ *rand.Rand) { n.spoil(answers, "bandwidth", 1, map[string]any{"rate": 100}) }},
}
