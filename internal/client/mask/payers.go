package mask

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// Logs do not identify payers: they end up in CI systems, where more people read them
// than the state. Errors do: their reader has to know which address was wrong.

// payerKeys are the names of fields that identify a payer, compared in lower case
// without "_" and "-".
var payerKeys = lazyregexp.New(`mail|phone|mobile|msisdn|^tel$|^customer|fio$|^ipadd?ress$`)

// isLoggedSecret reports whether the value of a field is left out of a log.
func isLoggedSecret(name string) bool {
	plain := plainName(name)
	return secretKeys().MatchString(plain) || payerKeys().MatchString(plain) && plain != "customerid"
}

var (
	// mailAddress also finds addresses that are escaped as in JSON, HTML or a URL.
	mailAddress = lazyregexp.New(`[\p{L}\p{N}._%+\-]+(?:@|%40|\\u0040|&#(?:64|[xX]40);)[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+`)
	// phoneNumber finds Russian numbers: +7 and ten digits however they are set apart,
	// or 7 or 8 and an area code in the usual groups. Any other ten or eleven digits may
	// be an id.
	phoneNumber = lazyregexp.New(`\+7(?:[\s\x{A0}().\-]*\d){10}|[78][\s\x{A0}\-]?\(?[3489]\d\d\)?[\s\x{A0}\-]?\d{3}[\s\x{A0}\-]?\d\d[\s\x{A0}\-]?\d\d`)
)

// Payers hides e-mail addresses and telephone numbers.
func Payers(text string) string {
	text = mailAddress().ReplaceAllLiteralString(text, masked)
	var b strings.Builder
	done := 0
	for _, at := range phoneNumber().FindAllStringIndex(text, -1) {
		if isPartOfNumber(text[:at[0]], text[at[1]:]) {
			continue
		}
		b.WriteString(text[done:at[0]] + masked)
		done = at[1]
	}
	return b.String() + text[done:]
}

// isPartOfNumber reports whether digits continue before or after a match. Then it is
// part of an id, a time or an amount.
func isPartOfNumber(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, width := utf8.DecodeRuneInString(after)
	fraction, _ := utf8.DecodeRuneInString(after[width:])
	isWord := func(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return isWord(last) || strings.ContainsRune("_.-", last) || isWord(next) || next == '_' || next == '.' && unicode.IsDigit(fraction)
}

// URL is an address as it is logged. Its query is masked as a form, since a search may
// be for a payer. The path contains ids, which only an e-mail address differs from.
func URL(address *url.URL, secrets []string) string {
	shown := *address
	shown.RawQuery = formIn(address.RawQuery, func(text string) string { return Payers(hider(secrets)(text)) })
	path := address.EscapedPath()
	return strings.Replace(shown.Redacted(), path, mailAddress().ReplaceAllLiteralString(path, masked), 1)
}
