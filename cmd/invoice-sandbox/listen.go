package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// listen accepts loopback addresses only, unless -allow-remote is set. The credentials
// are public, so anyone who reaches the sandbox can change its state.
func (s settings) listen(ctx context.Context) (net.Listener, error) {
	host, _, err := net.SplitHostPort(s.addr)
	if err != nil {
		return nil, fmt.Errorf("-addr %s: %w", s.addr, err)
	}
	ip, err := netip.ParseAddr(host)
	if !s.allowRemote && host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("-addr %s: the sandbox listens on loopback only, such as 127.0.0.1, [::1] or localhost; "+
			"in a container, whose ports are published on loopback, -allow-remote lets it listen on all addresses", s.addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return nil, fmt.Errorf("%w; -addr chooses another address: make sandbox ARGS=\"-addr 127.0.0.1:8086\"", err)
	}
	return listener, nil
}

// address is where a person on this machine reaches a listener. All addresses of a machine
// are no address to open.
func address(listener net.Listener) string {
	all := listener.Addr().String()
	if at, err := netip.ParseAddrPort(all); err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return all
}

// explain adds to an error of opening the database what its folder needs. SQLite does not
// say it, and in a container it is the usual mistake.
func explain(err error) error {
	var refused *sqlite.Error
	if !errors.As(err, &refused) {
		return err
	}
	// The codes of SQLite have details in their higher bytes.
	switch refused.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		user := "you have"
		if id := os.Getuid(); id >= 0 { // Windows has no numbers of users.
			user = fmt.Sprintf("user %d has", id)
		}
		return fmt.Errorf("%w\nThe folder of -db has to be there, and %s to be allowed to write in it", err, user)
	default:
		return err
	}
}
