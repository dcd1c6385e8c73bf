package attributes

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// TextValidator checks a string; problem returns what is wrong with it, "" for
// nothing.
type TextValidator struct {
	Allowed string // "must be …", for docs and for the error
	Problem func(text string) string
}

// Only allows the texts that isAllowed accepts. problem follows the text in the error.
func Only(allowed, problem string, isAllowed func(text string) bool) TextValidator {
	return TextValidator{Allowed: allowed, Problem: func(text string) string {
		if isAllowed(text) {
			return ""
		}
		return `"` + text + `" ` + problem
	}}
}

// Description says what is allowed.
func (v TextValidator) Description(context.Context) string { return v.Allowed }

// MarkdownDescription says the same.
func (v TextValidator) MarkdownDescription(context.Context) string { return v.Allowed }

// ValidateString adds an error for a value that is not allowed.
func (v TextValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := v.Problem(req.ConfigValue.ValueString()); problem != "" {
		// Terraform does not show where in a list the error is: the path does.
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			"Attribute "+req.Path.String()+": the value "+problem+". It "+v.Allowed+".")
	}
}

// IsNotBlank allows whatever holds more than spaces.
func IsNotBlank() TextValidator {
	return TextValidator{
		Allowed: "must not be empty or blank",
		Problem: func(text string) string {
			if strings.TrimSpace(text) == "" {
				return "is blank"
			}
			return ""
		},
	}
}

// IsNotSpaces allows all but spaces alone. Whether a text may be empty is for its length to say: two
// errors would be made of one mistake.
func IsNotSpaces() TextValidator {
	blank := IsNotBlank()
	return TextValidator{Allowed: blank.Allowed, Problem: func(text string) string {
		if text == "" {
			return ""
		}
		return blank.Problem(text)
	}}
}

// IsEmail allows one bare address.
func IsEmail() validator.String {
	return Only(`must be an e-mail address, such as "buyer@example.com"`, "is not an e-mail address",
		func(text string) bool {
			address, err := mail.ParseAddress(text)
			return err == nil && address.Address == text && address.Name == ""
		})
}

// IsDate allows a day of the calendar.
func IsDate() TextValidator {
	return TextValidator{Allowed: `must be a date as YYYY-MM-DD, such as "2026-12-31"`, Problem: func(text string) string {
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			return ""
		}
		return `"` + text + `" is not a date` + hintAtDate(text)
	}}
}

// unquotedDate is what HCL makes of 2026-12-31: the difference of three numbers.
var unquotedDate = lazyregexp.New(`^[12][0-9]{3}$`)

// hintAtDate says how a text came to be no date.
func hintAtDate(text string) string {
	const russian = "02.01.2006"
	if moment, err := time.Parse(time.RFC3339, text); err == nil {
		day := moment.Format(time.DateOnly)
		if moment.Equal(moment.Truncate(24 * time.Hour)) {
			return fmt.Sprintf(" but a moment. YAML makes one of a date without quotes: write '%s' in quotes there", day)
		}
		return fmt.Sprintf(" but a moment: write %q", day)
	}
	if day, err := time.Parse(russian, text); err == nil {
		return fmt.Sprintf(": write %q", day.Format(time.DateOnly))
	}
	if unquotedDate().MatchString(text) {
		return ". A date without quotes is a subtraction: put it in quotes"
	}
	return ""
}

// IsDayOrMoment allows a day of the calendar and a moment with an offset.
func IsDayOrMoment() validator.String {
	return Only(`must be a date as YYYY-MM-DD, or a moment as RFC 3339, such as "2026-12-31T23:59:59+03:00"`, "is neither a date nor a moment",
		func(text string) bool {
			_, _, ok := ParseDay(text, values.Moscow)
			return ok
		})
}

// IsNumber allows so many digits at the most.
func IsNumber(digits int) validator.String {
	return Only(fmt.Sprintf("must be a number of at most %d digits", digits), "is not such a number",
		func(text string) bool {
			return text != "" && len(text) <= digits && strings.Trim(text, "0123456789") == ""
		})
}

var currencyCode = lazyregexp.New(`^[A-Z][A-Z0-9]{2,9}$`)

// IsCurrency allows what looks like a currency's code; the gateway knows which
// ones there are.
func IsCurrency() validator.String {
	return Only(`must be the code of a currency in capital letters, such as "RUB"`, "is not such a code", func(text string) bool { return currencyCode().MatchString(text) })
}

// IsCredential catches what copying adds: a line break, a space.
func IsCredential() TextValidator {
	return TextValidator{Allowed: "must not be empty, and must not hold spaces or line breaks", Problem: credentialProblem}
}

func credentialProblem(text string) string {
	if text == "" {
		return "is empty"
	}
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return "holds a space or a line break"
	}
	return ""
}

// IsWebAddress allows absolute http and https URLs.
func IsWebAddress() TextValidator {
	return TextValidator{Allowed: `must be an http or https URL, such as "https://example.com/thanks"`, Problem: urlProblem}
}

// IsWebAddressOrEmpty also allows "": an import has it where no gateway gives an address back.
func IsWebAddressOrEmpty() TextValidator {
	return TextValidator{Allowed: IsWebAddress().Allowed, Problem: func(text string) string {
		if text == "" {
			return ""
		}
		return urlProblem(text)
	}}
}

// IsLogo allows a URL or a path on the gateway's server: the guide's table says
// the one, its sample shows the other (Invoice API, section 7.2.1).
func IsLogo() validator.String {
	return TextValidator{
		Allowed: `must be an http or https URL, or a path that begins with "/"`,
		Problem: func(text string) string {
			if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") {
				return ""
			}
			return urlProblem(text)
		},
	}
}

func urlProblem(text string) string {
	address, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsAny(text, " \t\r\n"):
		return `"` + text + `" is not a URL`
	case address.Scheme != "http" && address.Scheme != "https":
		return `"` + text + `" does not begin with http:// or https://`
	case address.Hostname() == "":
		return `"` + text + `" has no host`
	}
	return ""
}

// IsBaseURL keeps credentials off the open network: https, or http to this
// machine.
func IsBaseURL() TextValidator {
	return TextValidator{Allowed: "must be an https URL, or an http URL on a loopback host, without credentials, query or fragment", Problem: baseURLProblem}
}

func baseURLProblem(text string) string {
	if problem := urlProblem(text); problem != "" {
		return problem
	}
	address, _ := url.Parse(text)
	switch {
	case address.User != nil:
		return "holds credentials"
	case address.RawQuery != "" || address.Fragment != "":
		return `"` + text + `" has a query or a fragment`
	case address.Scheme == "http" && !isLoopback(address.Hostname()):
		return `"` + text + `" would send credentials over plain http`
	}
	return ""
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// IsJSONObject allows a JSON object, which is what jsonencode of a map gives.
func IsJSONObject() validator.String {
	return TextValidator{
		Allowed: `must be a JSON object, such as jsonencode({ customer = "42" })`,
		Problem: func(text string) string {
			if !json.Valid([]byte(text)) {
				return "is not JSON"
			}
			if !bytes.HasPrefix(bytes.TrimSpace([]byte(text)), []byte("{")) {
				return "is JSON, but not an object"
			}
			return ""
		},
	}
}

// IsDuration allows what Go's time.ParseDuration takes.
func IsDuration() validator.String {
	return Only(`must be a positive duration such as "30s" or "1m30s", with the units s, m or h`, "is not a positive duration",
		func(text string) bool {
			d, err := time.ParseDuration(text)
			return err == nil && d > 0
		})
}

// ParseDay returns a day's beginning and the beginning of the next one; of a
// moment, it and what comes right after it.
func ParseDay(text string, zone *time.Location) (from, until time.Time, ok bool) {
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, day.AddDate(0, 0, 1), true
	}
	moment, err := time.Parse(time.RFC3339, text)
	return moment, moment.Add(time.Nanosecond), err == nil
}
