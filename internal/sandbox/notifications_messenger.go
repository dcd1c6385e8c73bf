package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// The reasons why a notification is not sent.
const (
	reasonNoAddress   = "no_address"
	reasonNoURL       = "no_url"
	reasonNoPort      = "no_port"
	reasonMasked      = "masked"
	reasonNotThisHost = "not_this_machine"
)

// notificationAgent is the User-Agent of notifications. No sandbox takes a request
// that has it.
const notificationAgent = "invoice-sandbox (notification)"

// The problems of a try.
const (
	problemConnection = "connection"
	problemStatus     = "status"
	problemAnswer     = "answer"
)

var reasonsInEnglish = Words{
	reasonNoAddress:   "no address is set for it: set one with POST /sandbox/notifications/addresses, or on the page, and replay it",
	reasonNoURL:       "its address is none of http or https",
	reasonNoPort:      "its port is not between 1 and 65535",
	reasonMasked:      "it has *** in the place of what is hidden: write the whole address",
	reasonNotThisHost: "its address is not on this machine: a real shop must not hear of payments that never happened; -notify-host allows one more host",
}

var reasonWords = Words{
	reasonNoAddress:   "Адрес не задан. Задайте его ниже и повторите отправку.",
	reasonNoURL:       "Адрес не начинается с http:// или https://.",
	reasonNoPort:      "Порт адреса не от 1 до 65535.",
	reasonMasked:      "В адресе *** вместо скрытого. Напишите адрес целиком.",
	reasonNotThisHost: "Адрес не на этом компьютере, а настоящий магазин не должен узнать о платежах, которых не было. Ещё один хост разрешает флаг -notify-host.",
}

// How much is read of a merchant's answer, and how much of it is kept.
const (
	maxMerchantAnswer = 64 << 10
	keptAnswer        = 1000
)

// messenger sends notifications. It reaches loopback addresses only, whatever a
// name resolves to, and the hosts that the user has named. It uses no proxy and no
// redirect. A configuration under test may have the address of a real shop, which
// must not hear of payments that never happened.
type messenger struct {
	client *http.Client
	hosts  []string
}

func newMessenger(hosts []string) *messenger {
	m := &messenger{}
	for _, host := range hosts {
		m.hosts = append(m.hosts, strings.ToLower(host))
	}
	m.client = &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true, DialContext: m.dial},
	}
	return m
}

func (m *messenger) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Control: func(_, resolved string, _ syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(resolved); err != nil || !to.Addr().Unmap().IsLoopback() {
			return fmt.Errorf("%s is not on loopback", resolved)
		}
		return nil
	}}
	host, port, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return nil, err
	case m.isNamed(host):
		dialer.Control = nil
	case isBelow(plain(host), "localhost"):
		address = net.JoinHostPort("localhost", port) // Not every resolver knows names below it.
	}
	return dialer.DialContext(ctx, network, address)
}

// isNamed reports whether the user has named a host.
func (m *messenger) isNamed(host string) bool { return slices.Contains(m.hosts, strings.ToLower(host)) }

// reasonAgainst is why nothing is sent to an address, and "" if it may be.
func (m *messenger) reasonAgainst(address string) string {
	if address == "" {
		return reasonNoAddress
	}
	parsed, err := url.Parse(address)
	if err != nil || !IsPageAddress(address) {
		return reasonNoURL
	}
	if port := parsed.Port(); port != "" {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return reasonNoPort
		}
	}
	if !isLoopbackName(parsed.Hostname()) && !m.isNamed(parsed.Hostname()) {
		return reasonNotThisHost
	}
	return ""
}

// reasonAgainstSetting is why an address cannot be set, and "" if it can. That none
// is set can be.
func (m *messenger) reasonAgainstSetting(address string) string {
	switch {
	case address == "":
		return ""
	case strings.Contains(address, masked):
		return reasonMasked
	}
	return m.reasonAgainst(address)
}

// post sends a notification once.
func (m *messenger) post(ctx context.Context, address string, d Delivery) Try {
	try := Try{Address: address}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(d.Body))
	if err != nil {
		try.Problem, try.Detail = problemConnection, err.Error()
		return try
	}
	request.Header = canonical(d.Headers)
	request.Header.Set("User-Agent", notificationAgent)
	response, err := m.client.Do(request)
	if err != nil {
		var failed *url.Error // Its text has the address, which is there already.
		if errors.As(err, &failed) {
			err = failed.Err
		}
		try.Problem, try.Detail = problemConnection, err.Error()
		return try
	}
	defer func() { _ = response.Body.Close() }()
	try.Status = response.StatusCode
	read, err := io.ReadAll(io.LimitReader(response.Body, maxMerchantAnswer))
	answer := string(read)
	try.Answer = beginning(answer)
	switch {
	case response.StatusCode < 200 || response.StatusCode > 299:
		try.Problem = problemStatus
	case d.WantedAnswer == "":
		// Any 2xx takes it [I], whatever becomes of the body.
	case err != nil:
		try.Problem, try.Detail = problemConnection, err.Error()
	case strings.TrimSpace(answer) != d.WantedAnswer:
		try.Problem = problemAnswer
	}
	return try
}

// beginning is the part of an answer that is kept.
func beginning(answer string) string {
	answer = strings.ToValidUTF8(answer, "\uFFFD")
	if len(answer) <= keptAnswer {
		return answer
	}
	end := keptAnswer
	for !utf8.RuneStart(answer[end]) {
		end--
	}
	return answer[:end] + "…"
}
