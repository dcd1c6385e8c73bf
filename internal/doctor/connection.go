package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	certificateNotice = 14 * 24 * time.Hour
	clockNotice       = time.Minute
)

// connectionChecks are what the attempts so far say of the way to the gateway.
func (v *visit) connectionChecks() []Check {
	own := v.checks
	v.checks = nil
	answered := v.seen.answered()
	if len(answered) == 0 {
		v.explainSilence()
	} else {
		last := answered[len(answered)-1].Response
		v.add("reachable", "true", OK, "The gateway's address answers.")
		v.checkTLS(last.TLS)
		v.checkVersion(last)
		v.checkClock(last)
		v.checkLatency()
	}
	checks := v.checks
	v.checks = own
	return checks
}

// explainSilence is for a gateway that has answered nothing.
func (v *visit) explainSilence() {
	var err error
	if all := v.seen.all(); len(all) > 0 {
		err = all[len(all)-1].Err
	}
	if err == nil {
		v.add("reachable", "false", Error, "Nothing was sent.")
		return
	}
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isRecord := errors.AsType[tls.RecordHeaderError](err)
	_, isAlert := errors.AsType[tls.AlertError](err)
	_, isName := errors.AsType[*net.DNSError](err)
	text := err.Error()
	isTLS := isRecord || isAlert || strings.Contains(text, "tls: ")
	means := "Nothing answers: " + text + ". Check base_url, the network, and the proxy (HTTPS_PROXY)."
	switch {
	case isCertificate:
		means = "The server's certificate is not valid: " + text
	case isTLS:
		means = "No TLS connection comes about: " + text
	case isName:
		means = "The name of the server is not known: " + text + ". Check base_url."
	case isTimeout(err):
		means = fmt.Sprintf("No answer within %s: %s. Check the network; raise request_timeout (INVOICE_REQUEST_TIMEOUT) if the gateway is that slow.", v.timeout, text)
	}
	v.add("reachable", "false", Error, means)
	switch {
	case isCertificate:
		v.add("certificate", certificateProblem(err), Error, "The provider calls no server whose certificate it cannot trust. "+
			"A certificate authority of your own has to be known to this machine (SSL_CERT_FILE).")
	case isTLS:
		v.add("tls_version", "none", Error, "The provider needs TLS 1.2 or newer, as the gateway's guide asks for. A server that has only older ones cannot be used. "+
			"If it speaks plain HTTP, base_url names the wrong port.")
	}
}

func isTimeout(err error) bool {
	waited, ok := errors.AsType[net.Error](err)
	return ok && waited.Timeout()
}

func certificateProblem(err error) string {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "expired"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "other name"
	}
	return "not trusted"
}

func (v *visit) checkTLS(state *tls.ConnectionState) {
	if state == nil {
		v.add("tls_version", "none", OK, "Plain HTTP, which the provider takes for a loopback host alone.")
		return
	}
	v.add("tls_version", strings.TrimPrefix(tls.VersionName(state.Version), "TLS "), OK, "TLS 1.2 is the oldest that the provider speaks.")
	if len(state.PeerCertificates) == 0 {
		return
	}
	end := state.PeerCertificates[0].NotAfter.UTC()
	left := time.Until(end)
	status, means := OK, fmt.Sprintf("The certificate is valid for %d more days.", int(left.Hours()/24))
	if left < certificateNotice {
		status, means = Warning, means+" After that no call works until the gateway has renewed it."
	}
	v.add("certificate", end.Format(time.DateOnly), status, means)
}

func (v *visit) checkVersion(response *http.Response) {
	means := "The provider speaks HTTP/1.1 alone: HTTP/2 would repeat calls by itself."
	if !response.ProtoAtLeast(1, 1) {
		means += " This server opens a new connection for each call."
	}
	v.add("http_version", strings.TrimPrefix(response.Proto, "HTTP/"), OK, means)
}

// checkClock compares the clocks by the header Date, which has whole seconds.
func (v *visit) checkClock(response *http.Response) {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		v.add("clock", "unknown", Unknown, "The server's answers have no Date.")
		return
	}
	difference := time.Until(date).Round(time.Second)
	status, means := OK, "The clocks of this machine and of the gateway agree."
	switch size := difference.Abs(); {
	case size > values.ClockTolerance:
		status, means = Error, "The clocks are too far apart. The provider would take links and invoices for expired that are not, or the other way round. Set this machine's clock (NTP)."
	case size > clockNotice:
		status, means = Warning, "The clocks are apart. Set this machine's clock (NTP)."
	case size > 2*time.Second:
		means = "The clocks are a little apart, which does no harm."
	}
	v.add("clock", difference.String(), status, means)
}

// checkLatency shows the median of the answers.
func (v *visit) checkLatency() {
	var all []time.Duration
	slowest := time.Duration(0)
	for _, one := range v.seen.all() {
		all = append(all, one.Duration)
		slowest = max(slowest, one.Duration)
	}
	slices.Sort(all)
	median := all[len(all)/2].Round(time.Millisecond)
	status, means := OK, fmt.Sprintf("The median of all calls (%d). The slowest took %s.", len(all), slowest.Round(time.Millisecond))
	if slowest > v.timeout/2 {
		status, means = Warning, means+fmt.Sprintf(" An attempt may take %s: raise request_timeout (INVOICE_REQUEST_TIMEOUT).", v.timeout)
	}
	v.add("latency", median.String(), status, means)
}
