package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// checkHealth asks a sandbox that runs whether it serves. An image without a shell has nothing
// else to ask with. The certificate of -tls is that beside the database.
func (s settings) checkHealth(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address := strings.TrimRight(s.check, "/") + "/healthz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("-check %s: %w", s.check, err)
	}
	trusted := x509.NewCertPool()
	if files, remove, err := filesBeside(s.options.Database); err == nil {
		defer remove()
		if authority, err := os.ReadFile(files.authority); err == nil {
			trusted.AppendCertsFromPEM(authority)
		}
	}
	// No proxy: the sandbox is on this machine.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("-check %s: %w", s.check, err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("-check %s: the sandbox answered %s", s.check, response.Status)
	}
	return nil
}
