package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// How long a certificate is valid (browsers refuse more than 825 days), and how
// long before its end another one is made.
const (
	certificateLifetime = 730 * 24 * time.Hour
	certificateRest     = 30 * 24 * time.Hour
)

// certificateFiles are where a certificate is kept.
type certificateFiles struct {
	// authority is what clients have to trust. server is the sandbox's own
	// certificate, with its key.
	authority, server string
}

// filesBeside names the files beside a database. Without one they are in a folder
// of their own, which remove removes.
func filesBeside(database string) (files certificateFiles, remove func(), err error) {
	stem, remove := strings.TrimSuffix(database, filepath.Ext(database)), func() {}
	if database == "" || database == ":memory:" {
		folder, err := os.MkdirTemp("", "invoice-sandbox-")
		if err != nil {
			return files, remove, fmt.Errorf("-tls: %w", err)
		}
		stem, remove = filepath.Join(folder, "invoice-sandbox"), func() { _ = os.RemoveAll(folder) }
	}
	stem, err = filepath.Abs(stem)
	return certificateFiles{stem + ".ca.pem", stem + ".tls.pem"}, remove, err
}

// ensure reads the certificate for these names, and makes one if there is none
// that is still good. So it stays trusted as long as it can.
func (files certificateFiles) ensure(names []string, now time.Time) (tls.Certificate, error) {
	if certificate, err := files.load(names, now.Add(certificateRest)); err == nil {
		return certificate, nil
	}
	if err := files.create(names, now); err != nil {
		return tls.Certificate{}, fmt.Errorf("-tls: make a certificate: %w", err)
	}
	return files.load(names, now)
}

// load reads the certificate. It is an error if a client that trusts the authority
// would refuse it.
func (files certificateFiles) load(names []string, now time.Time) (tls.Certificate, error) {
	certificate, err := tls.LoadX509KeyPair(files.server, files.server)
	if err != nil {
		return certificate, err
	}
	authority, err := os.ReadFile(files.authority)
	if err != nil {
		return certificate, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	for _, name := range names {
		if _, err := certificate.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now}); err != nil {
			return certificate, err
		}
	}
	return certificate, nil
}

// create makes an authority and a certificate for these names. The authority's key
// is thrown away: who trusts the authority trusts nothing but this certificate.
func (files certificateFiles) create(names []string, now time.Time) error {
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	authority := template("invoice-sandbox, for tests only", now)
	authority.IsCA, authority.MaxPathLenZero, authority.KeyUsage = true, true, x509.KeyUsageCertSign
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return err
	}
	if authority, err = x509.ParseCertificate(authorityDER); err != nil { // for its key id
		return err
	}
	server := template(names[0], now)
	server.KeyUsage, server.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			server.IPAddresses = append(server.IPAddresses, ip)
		} else {
			server.DNSNames = append(server.DNSNames, name)
		}
	}
	serverDER, err := x509.CreateCertificate(rand.Reader, server, authority, key.Public(), authorityKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return files.write(authorityDER, serverDER, keyDER)
}

func (files certificateFiles) write(authority, server, key []byte) error {
	own := append(encode("CERTIFICATE", server), encode("PRIVATE KEY", key)...)
	if err := os.WriteFile(files.server, own, 0o600); err != nil { //nolint:gosec // the user has named the database
		return err
	}
	return os.WriteFile(files.authority, encode("CERTIFICATE", authority), 0o644) //nolint:gosec // others may read what they shall trust
}

func template(name string, now time.Time) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails, see crypto/rand
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLifetime),
	}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
