package sandbox

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Base is the address that links in the answer to r start with. A name that the
// caller has made up never gets into a link.
func (s *Sandbox) Base(r *http.Request) string {
	if s.options.PublicURL != "" {
		return s.options.PublicURL
	}
	if isLoopback(r.Host) {
		return scheme(r) + "://" + r.Host
	}
	if local, known := r.Context().Value(http.LocalAddrContextKey).(net.Addr); known {
		return scheme(r) + "://" + local.String()
	}
	return scheme(r) + "://localhost"
}

// Addresses are those that the caller may have sent the call to. Behind a proxy,
// the sandbox does not see which it was. A caller that was told that the sandbox is
// the real gateway may believe that it speaks TLS.
func (c *Call) Addresses() []string {
	if public := c.sandbox.options.PublicURL; public != "" {
		return []string{public + c.RequestURI}
	}
	addresses := []string{scheme(c.Request) + "://" + c.Host + c.RequestURI}
	if !isLoopback(c.Host) && c.TLS == nil {
		addresses = append(addresses, "https://"+c.Host+c.RequestURI)
	}
	return addresses
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// hasOwnHost reports whether a request was sent to a name that is the sandbox's.
func (s *Sandbox) hasOwnHost(r *http.Request) bool {
	if isLoopback(r.Host) {
		return true
	}
	public, err := url.Parse(s.options.PublicURL)
	return err == nil && public.Host != "" && strings.EqualFold(public.Hostname(), hostname(r.Host))
}

// hostname is a Host header without its port.
func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }

// isLoopback reports whether a Host header names this machine, whatever any DNS
// says: browsers resolve localhost and its subdomains themselves.
func isLoopback(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(hostname(host), "."))
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().IsLoopback()
	}
	isName := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
	return isName && (name == "localhost" || strings.HasSuffix(name, ".localhost"))
}
