package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/text/language"
)

// The languages of the pages. Russian is for who has not chosen: most who use the
// sandbox read it.
const (
	russian = "ru"
	english = "en"
)

// languageCookie keeps the choice of a person. The name is long, since all
// sandboxes and shops of a machine share the cookies of localhost.
const languageCookie = "invoice_sandbox_language"

var languages = language.NewMatcher([]language.Tag{language.Russian, language.English})

type preferredLanguage struct{}

// PreferLanguage is a request whose page is in this language, unless the person
// has chosen another one. An unknown language changes nothing.
func PreferLanguage(r *http.Request, tag string) *http.Request {
	if tag != russian && tag != english {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), preferredLanguage{}, tag))
}

// languageOf is the language of the page that answers a request: what the person
// has chosen, else what the page prefers, else what the browser does.
func languageOf(r *http.Request) string {
	chosen, _ := r.Cookie(languageCookie) // an error means that there is none
	if chosen != nil && (chosen.Value == russian || chosen.Value == english) {
		return chosen.Value
	}
	if preferred, isPreferred := r.Context().Value(preferredLanguage{}).(string); isPreferred {
		return preferred
	}
	tag, _ := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}

// chooseLanguage takes a click on the frame's link. It remembers the language and
// leads back to the page, and reports whether there was such a click. The address
// it leads to has nothing but a query, so it is never that of another site.
func chooseLanguage(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	chosen := query.Get("lang")
	if r.Method != http.MethodGet || (chosen != russian && chosen != english) {
		return false
	}
	query.Del("lang")
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // it is no secret, and without TLS a secure one would be lost
		Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", "?"+query.Encode())
	w.WriteHeader(http.StatusSeeOther)
	return true
}

// languageQuery is the query of the frame's link to the page in another language.
func languageQuery(r *http.Request, to string) string {
	query := url.Values{}
	if r.Method == http.MethodGet {
		query = r.URL.Query()
	}
	query.Set("lang", to)
	return "?" + query.Encode()
}

// dictionary has the English texts by the Russian ones.
type dictionary map[string]string

// translate is a text in a language. What has no English text stays: it may be a
// name that a merchant has given.
func (d dictionary) translate(to, text string) string {
	if to == english {
		return cmp.Or(d[text], text)
	}
	return text
}

// Text is a text with values in it, which a page translates before it puts them in.
type Text struct {
	Format string
	Args   []any
}

// Textf makes a Text of a Russian format and its values.
func Textf(format string, args ...any) Text { return Text{format, args} }

// show is a string or a Text in a language, with values in it.
func (d dictionary) show(to string, text any, args []any) string {
	if made, isText := text.(Text); isText {
		text, args = made.Format, slices.Concat(made.Args, args)
	}
	translated := d.translate(to, fmt.Sprint(text))
	if len(args) == 0 {
		return translated
	}
	var shown []any
	for _, arg := range args {
		if inner, isText := arg.(Text); isText {
			arg = d.show(to, inner, nil)
		}
		shown = append(shown, arg)
	}
	return fmt.Sprintf(translated, shown...)
}
