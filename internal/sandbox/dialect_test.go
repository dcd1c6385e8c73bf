package sandbox

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParseDialect(t *testing.T) {
	got, err := ParseDialect("ids=hex", "ids=number", "rewrite_description=true", "error_status=200", "expired=fail")
	must(t, err)
	want, err := Dialect{IDs: "number", TerminalTypes: "static", RewriteDescription: true, DateNames: "create_date",
		TakenAlias: "error", RepeatedOrder: "new", ErrorStatus: 200, ClosedAnswer: "closed", Expired: "fail", RefundStatus: "successful"}.complete()
	must(t, err)
	equal(t, "dialect", got, want)
	again, err := ParseDialect(got.Settings()...)
	must(t, err)
	equal(t, "round trip", again, got)
}

func TestParseDialectSaysWhatIsAllowed(t *testing.T) {
	for setting, parts := range map[string][]string{
		"ids=uuid": {`"hex"`, `"number"`}, "ids": {"ids=hex|number", "taken_alias=error|existing"},
		"color=red": {"ids=hex|number", `"color=red"`}, "ids=": {`"hex"`}, "error_status=500": {`"400"`, `"200"`},
	} {
		_, err := ParseDialect(setting)
		if err == nil {
			t.Errorf("%s was taken", setting)
			continue
		}
		contains(t, err.Error(), parts...)
	}
}

// Every field of Dialect must have a switch that sets it and nothing else.
func TestEveryFieldHasASwitch(t *testing.T) {
	var fields []string
	for _, s := range Switches() {
		var d Dialect
		s.set(&d, s.Values[1])
		for i := range reflect.TypeFor[Dialect]().NumField() {
			if !reflect.ValueOf(d).Field(i).IsZero() {
				fields = append(fields, reflect.TypeFor[Dialect]().Field(i).Name)
			}
		}
		equal(t, s.Name, s.get(d), s.Values[1])
		if s.Doc == "" || s.Name != strings.ToLower(s.Name) {
			t.Errorf("switch %+v", s)
		}
	}
	slices.Sort(fields)
	if len(slices.Compact(slices.Clone(fields))) != reflect.TypeFor[Dialect]().NumField() || len(fields) != len(Switches()) {
		t.Errorf("switches set %v", fields)
	}
}

func TestWrongDialectIsRefused(t *testing.T) {
	if _, err := Open(Options{Dialect: Dialect{Expired: "gone"}}); err == nil {
		t.Error("Open took an unknown value")
	}
	b := start(t, Options{})
	defer func() {
		if recover() == nil {
			t.Error("SetDialect took an unknown value")
		}
	}()
	b.SetDialect(Dialect{ErrorStatus: 404})
}
