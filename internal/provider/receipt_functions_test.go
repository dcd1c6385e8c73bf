package provider

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestReceiptLine(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	null := tftypes.NewValue(tftypes.String, nil)
	noise := strings.Repeat("0", 152) + "1"
	nines := strings.Repeat("9", 150)
	for _, test := range []struct {
		arguments []any // after the name
		want      string
	}{
		{[]any{"2190.00", "0.755", "10%"}, "2190.00 × 0.755 less 10% = 1488.11"},
		{[]any{"2190", "0.755"}, "2190.00 × 0.755 less - = 1653.45"},
		{[]any{"500.00", "3", "50.00"}, "500.00 × 3 less 50.00 = 1450.00"}, // of the line, not of each unit
		{[]any{"500.5", "1", "50"}, "500.50 × 1 less 50.00 = 450.50"},
		{[]any{"500", "1.500", null}, "500.00 × 1.5 less - = 750.00"},
		{[]any{"500", "1", nil}, "500.00 × 1 less - = 500.00"},
		{[]any{"500", "1", ""}, "500.00 × 1 less - = 500.00"},
		{[]any{"0.99", "0.5"}, "0.99 × 0.5 less - = 0.50"}, // half up
		{[]any{"33.35", "1", " 10.0 % "}, "33.35 × 1 less 10% = 30.02"},
		{[]any{"1.01", "0.5", "1%"}, "1.01 × 0.5 less 1% = 0.50"}, // 0.49995, rounded once
		{[]any{"10", "1", "0%"}, "10.00 × 1 less 0% = 10.00"},
		{[]any{"10", "1", "0"}, "10.00 × 1 less 0.00 = 10.00"},
		{[]any{"10", "1", "100%"}, "10.00 × 1 less 100% = 0.00"},
		{[]any{"10", "1", "10.00"}, "10.00 × 1 less 10.00 = 0.00"},
		{[]any{"10", "1", "33.333333%"}, "10.00 × 1 less 33.333333% = 6.67"},
		{[]any{"999999999999999.99", "999999999.999999"}, "999999999999999.99 × 999999999.999999 less - = 999999999999998990000000.00"},
		// What HCL computed: 1.1 * 1.1 and 2190 * 0.755 * 0.9 - 1488 + 0.005.
		{[]any{"1.21" + noise, "1"}, "1.21 × 1 less - = 1.21"},
		{[]any{"0.10" + nines, "2"}, "0.11 × 2 less - = 0.22"},
		{[]any{"100", "1", "9." + nines}, "100.00 × 1 less 10.00 = 90.00"},
	} {
		got := c.fields("receipt_line", append([]any{"Эфиопия"}, test.arguments...)...)
		line := fmt.Sprintf("%s × %s less %s = %s", got["price"], got["quantity"], got["discount"], got["result_price"])
		if line != test.want || got["name"] != "Эфиопия" || len(got) != 5 {
			t.Errorf("%v: %s, want %s", test.arguments, line, test.want)
		}
	}
}

func TestReceiptLineRefuses(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for _, test := range []struct {
		at        int64
		says      string
		arguments []any
	}{
		{0, "is blank", []any{" ", "1", "1"}},
		{1, `"-5" is negative. It must be a positive decimal`, []any{"n", "-5", "1"}},
		{1, `"0.00" is zero`, []any{"n", "0.00", "1"}},
		{1, `"1.005" has more decimals`, []any{"n", "1.005", "1"}},
		{1, `33333…" has more decimals`, []any{"n", "0." + strings.Repeat("3", 154), "1"}},
		{1, `"1e3" is not a decimal number`, []any{"n", "1e3", "1"}},
		{1, `"1000,50" is not`, []any{"n", "1000,50", "1"}},
		{1, `"true" is not`, []any{"n", "true", "1"}},
		{1, `"" is not`, []any{"n", "", "1"}},
		{1, `"+5" is not`, []any{"n", "+5", "1"}},
		{1, "is out of range", []any{"n", "1" + strings.Repeat("0", 400), "1"}},
		{2, `"-1" is negative`, []any{"n", "1", "-1"}},
		{2, `"0" is zero`, []any{"n", "1", "0"}},
		{2, "has more decimals", []any{"n", "1", "0.1234567"}},
		{2, "1 кг", []any{"n", "1", "1 кг"}},
		{3, "101% is more than 100%", []any{"n", "1", "1", "101%"}},
		{3, "100.000001% is more than 100%", []any{"n", "1", "1", "100.000001%"}},
		{3, `"-1" is negative`, []any{"n", "1", "1", "-1%"}},
		{3, `"" is not`, []any{"n", "1", "1", "%"}},
		{3, "has more decimals", []any{"n", "1", "1", "0.1234567%"}},
		{3, "1.01 is above the price of the line, which is 1. ", []any{"n", "1", "1", "1.01"}},
		{3, "0.50 is above the price of the line, which is 0.495", []any{"n", "0.99", "0.5", "0.5"}},
		{3, "0.01 is above the price of the line, which is 0.006", []any{"n", "0.06", "0.1", "0.01"}}, // before rounding
		{3, `"-1" is negative`, []any{"n", "1", "1", "-1"}},
		{3, "has more decimals", []any{"n", "1", "1", "0.001"}},
		{3, "is not a decimal number", []any{"n", "1", "1", "ten"}},
		{4, "2 discounts were given", []any{"n", "1", "1", "10%", "5"}},
		{4, "3 discounts were given", []any{"n", "1", "1", nil, nil, nil}},
	} {
		c.fails(test.at, test.says, "receipt_line", test.arguments...)
	}
}

// What depends on an unknown argument is unknown, and nothing else is.
func TestReceiptLineOfUnknownArguments(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	for _, test := range []struct {
		arguments []any
		unknown   string // names of the fields
	}{
		{[]any{unknown, "5", "2"}, "name"},
		{[]any{"n", unknown, "2"}, "price result_price"},
		{[]any{"n", "5", unknown}, "quantity result_price"},
		{[]any{"n", "5", "2", unknown}, "discount result_price"},
		{[]any{"n", unknown, "2", "10%"}, "price result_price"},
		{[]any{unknown, unknown, unknown, unknown}, "discount name price quantity result_price"},
	} {
		line, problem := c.call("receipt_line", test.arguments...)
		var fields map[string]tftypes.Value
		if problem != nil || line.As(&fields) != nil {
			t.Fatalf("%v: %v, %v", test.arguments, line, problem)
		}
		var names []string
		for name, value := range fields {
			if !value.IsKnown() {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != test.unknown {
			t.Errorf("%v: unknown are %s, want %s", test.arguments, got, test.unknown)
		}
	}
	c.fails(1, "is negative", "receipt_line", unknown, "-1", unknown)
	c.fails(3, "is more than 100%", "receipt_line", "n", unknown, "1", "101%")
	c.fails(0, "is blank", "receipt_line", "", unknown, "1")
}

// kopecks reads an amount with two decimals.
func kopecks(t *testing.T, amount string) *big.Int {
	t.Helper()
	whole, fraction, _ := strings.Cut(amount, ".")
	number, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok || len(fraction) != 2 {
		t.Fatalf("%q is no amount with two decimals", amount)
	}
	return number
}

// scaled writes number × 10^-decimals.
func scaled(number int64, decimals int) string {
	digits := fmt.Sprintf("%0*d", decimals+1, number)
	return digits[:len(digits)-decimals] + "." + digits[len(digits)-decimals:]
}

// The oracle computes with fractions of whole numbers, and rounds by adding a half.
func TestReceiptLineAgainstFractions(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	random := rand.New(rand.NewPCG(13, 54))
	sum := new(big.Int)
	var lines []tftypes.Value
	for range 3000 {
		price, quantity := 1+random.Int64N(1_000_000), 1+random.Int64N(5_000_000)
		arguments := []any{"n", scaled(price, 2), scaled(quantity, 6)}
		total := new(big.Rat).Mul(big.NewRat(price, 100), big.NewRat(quantity, 1_000_000))
		switch random.IntN(3) {
		case 1:
			tenths := random.Int64N(1001)
			arguments = append(arguments, scaled(tenths, 1)+"%")
			total.Mul(total, big.NewRat(1000-tenths, 1000))
		case 2:
			whole := new(big.Int).Div(new(big.Int).Mul(total.Num(), big.NewInt(100)), total.Denom()).Int64()
			off := random.Int64N(whole + 1)
			arguments = append(arguments, scaled(off, 2))
			total.Sub(total, big.NewRat(off, 100))
		}
		total.Mul(total, big.NewRat(100, 1))
		total.Add(total, big.NewRat(1, 2))
		want := new(big.Int).Div(total.Num(), total.Denom()) // of what is positive: the floor
		line, problem := c.call("receipt_line", arguments...)
		if problem != nil {
			t.Fatalf("%v: %s", arguments, problem.Text)
		}
		var fields map[string]tftypes.Value
		var result string
		if line.As(&fields) != nil || fields["result_price"].As(&result) != nil {
			t.Fatal(line)
		}
		if kopecks(t, result).Cmp(want) != 0 {
			t.Errorf("%v: %s, want %s kopecks", arguments, result, want)
		}
		lines = append(lines, line)
		sum.Add(sum, want)
	}
	list := tftypes.NewValue(tftypes.List{ElementType: lines[0].Type()}, lines)
	if total := c.text("receipt_total", list); kopecks(t, total).Cmp(sum) != 0 {
		t.Errorf("the total is %s, want %s kopecks", total, sum)
	}
}

// lineOf is an object of an HCL configuration: fields may be missing, numbers, or nulls of no type.
func lineOf(fields map[string]tftypes.Value) tftypes.Value {
	types := map[string]tftypes.Type{}
	for name, value := range fields {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, fields)
}

func tupleOf(lines ...tftypes.Value) tftypes.Value {
	types := make([]tftypes.Type, 0, len(lines))
	for _, line := range lines {
		types = append(types, line.Type())
	}
	return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, lines)
}

func TestReceiptTotal(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	null := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	number := func(text string) tftypes.Value {
		value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		return tftypes.NewValue(tftypes.Number, value)
	}
	made, _ := c.call("receipt_line", "Эфиопия", "2190.00", "0.755", "10%")
	byHand := lineOf(map[string]tftypes.Value{"name": text("Бразилия"), "price": number("1205"), "quantity": number("1"), "result_price": number("1205.1")})
	nulls := lineOf(map[string]tftypes.Value{"name": null, "discount": null, "result_price": text("0.2"), "sum": null})
	cart := lineOf(map[string]tftypes.Value{"name": text("Окно"), "sum": text("1500"), "tax": text("vat20")})
	asMap := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"result_price": text("7.00")})
	for name, test := range map[string]struct {
		lines tftypes.Value
		want  string
	}{
		"no lines":        {tupleOf(), "0.00"},
		"one":             {tupleOf(made), "1488.11"},
		"all kinds":       {tupleOf(made, byHand, nulls, cart, asMap), "4200.41"},
		"a list":          {tftypes.NewValue(tftypes.List{ElementType: made.Type()}, []tftypes.Value{made, made}), "2976.22"},
		"tenths":          {tupleOf(lineOf(map[string]tftypes.Value{"result_price": number("0.1")}), nulls), "0.30"},
		"computed in HCL": {tupleOf(lineOf(map[string]tftypes.Value{"result_price": number("1.10" + strings.Repeat("9", 150))})), "1.11"},
		"both names":      {tupleOf(lineOf(map[string]tftypes.Value{"sum": text("1"), "result_price": text("2")})), "2.00"},
		"a free line":     {tupleOf(lineOf(map[string]tftypes.Value{"result_price": text("0.00")})), "0.00"},
	} {
		if got := c.text("receipt_total", test.lines); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	for says, lines := range map[string]tftypes.Value{
		`lines[1] ("Чай") has no result_price`:              tupleOf(made, lineOf(map[string]tftypes.Value{"name": text("Чай"), "price": text("5")})),
		"lines[0] has no result_price":                      tupleOf(lineOf(map[string]tftypes.Value{"result_price": null})),
		"lines[2] has no result_price":                      tupleOf(made, made, null),
		"lines[0] has no result_price, and no sum":          tupleOf(text("5.00")),
		`lines[0].result_price: the value "-1" is neg`:      tupleOf(lineOf(map[string]tftypes.Value{"result_price": text("-1")})),
		`lines[0].result_price: the value "1.001" has`:      tupleOf(lineOf(map[string]tftypes.Value{"result_price": text("1.001")})),
		`lines[0].result_price: the value "five" is not`:    tupleOf(lineOf(map[string]tftypes.Value{"result_price": text("five")})),
		`lines[0] ("Окно").sum: the value "1,5" is not a d`: tupleOf(lineOf(map[string]tftypes.Value{"name": text("Окно"), "sum": text("1,5")})),
		`lines[0].result_price: the value "true" is not`:    tupleOf(lineOf(map[string]tftypes.Value{"result_price": tftypes.NewValue(tftypes.Bool, true)})),
		"a set drops equal lines; give a list":              tftypes.NewValue(tftypes.Set{ElementType: cart.Type()}, []tftypes.Value{cart}),
		"not a list of lines. Put a single line":            made,
		"not a list of lines":                               text("5.00"),
	} {
		c.fails(0, says, "receipt_total", lines)
	}
	c.fails(0, "not a list of lines", "receipt_total", nil)
}

// A total is unknown with what it is made of, and only then.
func TestReceiptTotalOfUnknownLines(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	known := lineOf(map[string]tftypes.Value{"name": text("n"), "result_price": text("5")})
	unnamed := lineOf(map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "result_price": text("5")})
	unpriced := lineOf(map[string]tftypes.Value{"result_price": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
	for name, lines := range map[string]tftypes.Value{
		"a price":     tupleOf(known, unpriced),
		"the first":   tupleOf(unpriced, known),
		"a line":      tupleOf(known, tftypes.NewValue(known.Type(), tftypes.UnknownValue)),
		"of any type": tupleOf(known, tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)),
		"the list":    tftypes.NewValue(tftypes.List{ElementType: known.Type()}, tftypes.UnknownValue),
		"everything":  tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue),
	} {
		if got, problem := c.call("receipt_total", lines); problem != nil || got.IsKnown() {
			t.Errorf("%s: %v, %v; want unknown", name, got, problem)
		}
	}
	if got := c.text("receipt_total", tupleOf(known, unnamed)); got != "10.00" {
		t.Errorf("a name is unknown: %s", got)
	}
	c.fails(0, "a set drops equal lines", "receipt_total", tftypes.NewValue(tftypes.Set{ElementType: known.Type()}, tftypes.UnknownValue))
	c.fails(0, "lines[1] has no result_price", "receipt_total", tupleOf(unpriced, lineOf(nil)))
}
