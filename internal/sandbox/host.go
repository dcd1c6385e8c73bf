package sandbox

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
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
		address := local.String()
		if _, port, err := net.SplitHostPort(address); err == nil && !isLoopback(address) {
			address = net.JoinHostPort("localhost", port) // Pages do not answer under another address.
		}
		return scheme(r) + "://" + address
	}
	return scheme(r) + "://localhost"
}

// Addresses are those that the caller may have sent the call to. Behind a proxy,
// the sandbox does not see which it was. A caller that was told that the sandbox is
// the real gateway may believe that it speaks TLS.
func (c *Call) Addresses() []string {
	addresses := []string{scheme(c.Request) + "://" + c.Host + c.RequestURI}
	if public := c.sandbox.options.PublicURL; public != "" {
		addresses = append(addresses, public+c.RequestURI)
	}
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

// checkPublicURL reads Options.PublicURL.
func checkPublicURL(address string) error {
	if address == "" {
		return nil
	}
	parsed, err := url.Parse(address)
	if err != nil || !IsPageAddress(address) || parsed.Hostname() == "" || parsed.User != nil || strings.ContainsAny(address, "?# ") {
		return fmt.Errorf("public URL %q: want an address that links can start with, such as https://sandbox.example.com or http://localhost:8085", maskAddress(address))
	}
	return nil
}

// origin is how browsers write where a page is from.
func origin(public *url.URL) string {
	host := strings.ToLower(public.Host)
	defaultPort := map[string]string{"http": ":80", "https": ":443"}[public.Scheme]
	return public.Scheme + "://" + strings.TrimSuffix(strings.TrimSuffix(host, defaultPort), ":")
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
func isLoopback(host string) bool { return isLoopbackName(hostname(host)) }

// isLoopbackName is isLoopback for a name without a port.
func isLoopbackName(name string) bool {
	name = plain(name)
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return isName(name) && isBelow(name, "localhost")
}

// plain is a name as it is compared.
func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// isName reports whether a plain name has only what names of hosts have. Names of
// containers have underscores.
func isName(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

func isBelow(name, domain string) bool {
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// Nobody can register a name below these: they are of networks of one's own, or
// for tests.
var privateDomains = []string{"local", "internal", "test"}

// realDomains are those of the gateways [V]. Banks run PayKeeper, too.
var realDomains = []string{
	"invoice.su", "intellectmoney.ru", "paykeeper.ru", "paykeeper.alfabank.ru",
	"ecom.rosbank-processing.ru", "ecom.gazprombank-processing.ru", "ecom.ubrr.ru", "ecom.rsb.ru",
}

// isNobodyElses reports whether no other site can own the name of a Host header. A
// browser says nothing of the page that reads from a site of plain http, so a page
// of such a name could read here. It has no page of an address, of one label, or of
// a gateway.
func isNobodyElses(host string) bool {
	name := plain(hostname(host))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	isOf := func(domain string) bool { return isBelow(name, domain) }
	return isName(name) && (!strings.Contains(name, ".") || isLoopbackName(name) ||
		slices.ContainsFunc(privateDomains, isOf) || slices.ContainsFunc(realDomains, isOf))
}
