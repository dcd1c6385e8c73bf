package invoiceapi

import (
	"context"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// An answer may name the terminal's alias. A terminal with another alias is never taken for the
// one that was asked for.
func TestTerminalsAnsweredWithAnAlias(t *testing.T) {
	tests := []struct {
		answered string
		same     bool
	}{
		{`"N1"`, true},
		{`" n1"`, true}, // databases fold case and blanks
		{`""`, true},
		{`null`, true},
		{`"N2"`, false},
		{`2`, false},
	}
	for operation, find := range map[string]func(context.Context, *Client) (*Terminal, error){
		"GetTerminal": func(ctx context.Context, c *Client) (*Terminal, error) { return c.FindTerminal(ctx, "N1") },
		"CreateTerminal": func(ctx context.Context, c *Client) (*Terminal, error) {
			return c.CreateTerminal(ctx, terminalRequest(t))
		},
	} {
		for _, test := range tests {
			answer := []reply{ok(`{"id":13,"name":"n","alias":` + test.answered + `}`)}
			s := newServer(t, map[string][]reply{"CreateTerminal": answer, "GetTerminal": answer})
			found, err := find(t.Context(), clientOf(s))
			if (found != nil && err == nil) != test.same {
				t.Errorf("%s, alias %s: %v, %v", operation, test.answered, found, err)
			}
			if !test.same {
				clienttest.Outcome(t, err, transport.Unclear)
				clienttest.Contains(t, err.Error(), `terminal "N1" was asked for, and the answer is about "`)
			}
		}
	}
}

// The vendor's SDKs look up a terminal without an alias by using its id as the alias.
func TestTerminalFoundByItsIDAsTheAlias(t *testing.T) {
	s := newServer(t, map[string][]reply{"GetTerminal": {ok(`{"id":13,"name":"n","alias":"N1"}`)}})
	if found, err := clientOf(s).FindTerminal(t.Context(), "13"); found == nil || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestTerminalByIDAnsweredWithAnother(t *testing.T) {
	s := newServer(t, map[string][]reply{"GetTerminal": {ok(`{"id":13,"name":"n","alias":"N1"}`)}})
	if found, err := clientOf(s).FindTerminalByID(t.Context(), "013"); err != nil || found.Alias != "N1" {
		t.Errorf("%v, %v, want the terminal with its alias", found, err)
	}
	found, err := clientOf(s).FindTerminalByID(t.Context(), "14")
	clienttest.Outcome(t, err, transport.Unclear)
	clienttest.Contains(t, err.Error(), `terminal "14" was asked for, and the answer is about "13"`)
	if found != nil {
		t.Error("found")
	}
}
