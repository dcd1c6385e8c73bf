package sandbox_test

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

func TestParseDialect(t *testing.T) {
	got, err := gateways.Switches.Parse("ids=hex", "ids=number", "rewrite_description=true", "error_status=200", "expired=fail")
	must(t, err)
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"ids": "number", "terminal_types": "static", "rewrite_description": "true", "date_names": "create_date",
		"taken_alias": "error", "repeated_order": "new", "error_status": "200", "closed_answer": "closed", "expired": "fail", "refund_status": "successful"}})
	want := b.Dialect()
	equal(t, "dialect", got, want)
	again, err := gateways.Switches.Parse(gateways.Switches.Settings(got)...)
	must(t, err)
	equal(t, "round trip", again, got)
}

func TestParseDialectSaysWhatIsAllowed(t *testing.T) {
	for setting, parts := range map[string][]string{
		"ids=uuid": {`"hex"`, `"number"`}, "ids": {"ids=hex|number", "taken_alias=error|existing"},
		"color=red": {"ids=hex|number", `"color=red"`}, "ids=": {`"hex"`}, "error_status=500": {`"400"`, `"200"`},
	} {
		_, err := gateways.Switches.Parse(setting)
		if err == nil {
			t.Errorf("%s was taken", setting)
			continue
		}
		contains(t, err.Error(), parts...)
	}
}

// Every switch has a name of its own and can be set.
func TestEverySwitchCanBeSet(t *testing.T) {
	names := map[string]bool{}
	for _, s := range gateways.Switches {
		got, err := gateways.Switches.Parse(s.Name + "=" + s.Values[1])
		must(t, err)
		equal(t, s.Name, got[s.Name], s.Values[1])
		if s.Doc == "" || s.Name != strings.ToLower(s.Name) || names[s.Name] {
			t.Errorf("switch %+v", s)
		}
		names[s.Name] = true
	}
	equal(t, "switches", len(names), 82)
	if _, err := gateways.Open(gateways.Options{Options: sandbox.Options{Dialect: sandbox.Dialect{"colour": "red"}}}); err == nil {
		t.Error("Open took a switch that there is not")
	}
}

func TestWrongDialectIsRefused(t *testing.T) {
	if _, err := gateways.Open(gateways.Options{Options: sandbox.Options{Dialect: sandbox.Dialect{"expired": "gone"}}}); err == nil {
		t.Error("Open took an unknown value")
	}
	b := start(t, sandbox.Options{})
	defer func() {
		if recover() == nil {
			t.Error("SetDialect took an unknown value")
		}
	}()
	b.SetDialect(sandbox.Dialect{"error_status": "404"})
}
