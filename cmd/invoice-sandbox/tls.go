package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"time"
)

// encrypt puts TLS on a listener. Connections are HTTP/1.1, as those of the real
// gateways. remove removes what is needed no longer at the end.
func (s settings) encrypt(listener net.Listener) (encrypted net.Listener, files certificateFiles, remove func(), err error) {
	files, remove, err = filesBeside(s.options.Database)
	if err != nil {
		return listener, files, remove, err
	}
	certificate, err := files.ensure(s.names(listener), time.Now())
	if err != nil {
		remove()
		return listener, files, remove, err
	}
	return tls.NewListener(listener, &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	}), files, remove, nil
}

// names are those that the sandbox is reached by.
func (s settings) names(listener net.Listener) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	more := []string{}
	if host, _, err := net.SplitHostPort(listener.Addr().String()); err == nil {
		more = append(more, host)
	}
	if public, err := url.Parse(s.options.PublicURL); err == nil && public.Hostname() != "" {
		more = append(more, public.Hostname())
	}
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// announceTLS says what clients have to trust, and how.
func announceTLS(w io.Writer, files certificateFiles, base string) {
	_, _ = fmt.Fprintf(w, "TLS: clients have to trust %s, for instance\n\n  curl --cacert '%s' %s/healthz\n", files.authority, files.authority, base)
	for _, variable := range []string{"NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"} {
		_, _ = fmt.Fprintf(w, "  export %s='%s'\n", variable, files.authority)
	}
	_, _ = fmt.Fprint(w, "\nThe last one is for the provider and whatever else uses OpenSSL. Programs that have it trust nothing else, so set it where they run only.\n")
	_, _ = fmt.Fprintf(w, "PHP's curl reads none of them:\n\n  php -d curl.cainfo='%s' …\n\n", files.authority)
}
