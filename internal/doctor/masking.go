package doctor

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
)

// maxShown is how much of an answer is shown.
const maxShown = 600

// saysWhy matches the names of fields whose texts say what is wrong. All other texts may be a
// payer's name, whatever their field is called.
var saysWhy = regexp.MustCompile(`(?i)^(?:msg|message|desc|description|error|error_code|result|status|state|type|code)$`)

// quotedText finds the texts of something that is no JSON document.
var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// maskedBody is an answer for a bug report: its shape, without secrets and payers. Of texts only
// those are shown that say what is wrong.
func (v *visit) maskedBody(body []byte) string {
	plain := answer{}
	plain.Body = body
	body = plain.json()
	var shown string
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var document any
	switch {
	case json.Valid(body) && decoder.Decode(&document) == nil:
		hidden, err := json.Marshal(hideTexts(document, false))
		if err != nil {
			return ""
		}
		shown = mask.Body(hidden, v.secrets)
	case bytes.HasPrefix(body, []byte("<")):
		// A page may show anything, such as a list of payers.
		shown = "a page without a title"
		if title := pageTitle.FindSubmatch(body); title != nil {
			shown = "a page with the title " + mask.Body(title[1], v.secrets)
		}
	default:
		shown = quotedText.ReplaceAllStringFunc(mask.Body(body, v.secrets), hideLetters)
	}
	shown = v.clean(strings.Join(strings.Fields(strings.ToValidUTF8(shown, "?")), " "))
	if runes := []rune(shown); len(runes) > maxShown {
		shown = string(runes[:maxShown]) + "…"
	}
	return shown
}

// hideTexts replaces the letters of texts, but not of those that say what is wrong.
func hideTexts(value any, isShown bool) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			value[name] = hideTexts(inner, saysWhy.MatchString(name))
		}
	case []any:
		for n, inner := range value {
			value[n] = hideTexts(inner, isShown)
		}
	case string:
		if !isShown {
			return hideLetters(value)
		}
	}
	return value
}

func hideLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return 'x'
		}
		return r
	}, text)
}
