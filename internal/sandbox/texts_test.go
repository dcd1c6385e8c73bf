package sandbox_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	translated = regexp.MustCompile(`\bt "((?:[^"\\]|\\.)*)"`)
	inRussian  = regexp.MustCompile(`\p{Cyrillic}`)
	inBraces   = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
)

// texts are those of one folder with pages.
type texts struct {
	english map[string]string
	// asked are those that must have an English text, by where they are. literals
	// are all of the folder: an English text of another one is not used.
	asked    map[string]string
	literals map[string]bool
}

func readTexts(t *testing.T, folder string) texts {
	t.Helper()
	found := texts{map[string]string{}, map[string]string{}, map[string]bool{}}
	names, err := filepath.Glob(filepath.Join(folder, "pages", "*en.json"))
	must(t, err)
	for _, name := range names {
		content, err := os.ReadFile(name)
		must(t, err)
		must(t, json.Unmarshal(content, &found.english))
	}
	names, err = filepath.Glob(filepath.Join(folder, "pages", "*.html"))
	must(t, err)
	for _, name := range names {
		content, err := os.ReadFile(name)
		must(t, err)
		for _, match := range translated.FindAllStringSubmatch(string(content), -1) {
			found.asked[match[1]], found.literals[match[1]] = name, true
		}
	}
	names, err = filepath.Glob(filepath.Join(folder, "*.go"))
	must(t, err)
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			must(t, err)
			found.readGo(name, file)
		}
	}
	return found
}

// refusals are the functions and types of what APIs answer, which is Russian in all
// languages.
var refusals = map[string]bool{"refuse": true, "fail": true, "apiError": true}

// offPages are files without a text of a page: theirs are of APIs, of mails and of
// what is made up.
var offPages = map[string]bool{
	"seed.go": true, "show.go": true, "faults.go": true,
	"invoiceapi/dialect.go": true, "invoiceapi/payments.go": true, "invoiceapi/receipt.go": true, "invoiceapi/rules.go": true, "invoiceapi/store.go": true,
	"paykeeper/cart.go": true, "paykeeper/change.go": true, "paykeeper/dialect.go": true, "paykeeper/payment_store.go": true, "paykeeper/service.go": true,
	"intellectmoney/answer.go": true, "intellectmoney/calls.go": true, "intellectmoney/direct.go": true, "intellectmoney/money.go": true, "intellectmoney/seed.go": true,
}

// offPage are single texts of that kind.
var offPage = map[string]bool{
	"МСК": true, "Получатель %d": true, "Допустимые значения: 1, 2, 4": true, "maxAmount: все суммы до максимальной заняты": true,
}

// readGo reads the texts of Go code. It asks for each that is Russian and may be on a
// page.
func (found texts) readGo(name string, file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			return !refusals[named(node.Fun)]
		case *ast.CompositeLit:
			return !refusals[named(node.Type)]
		case ast.Expr:
			text := literal(node)
			if text == "" {
				return true
			}
			found.literals[text] = true
			if inRussian.MatchString(text) && !offPage[text] && !offPages[filepath.ToSlash(name)] {
				found.asked[text] = name
			}
			return false // the parts of a sum are no texts of their own
		}
		return true
	})
}

func named(expression ast.Expr) string {
	switch expression := expression.(type) {
	case *ast.Ident:
		return expression.Name
	case *ast.SelectorExpr:
		return expression.Sel.Name
	}
	return ""
}

// literal is the text of a constant string, which may be a sum; "" is none.
func literal(expression ast.Expr) string {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		if expression.Kind == token.STRING {
			text, _ := strconv.Unquote(expression.Value)
			return text
		}
	case *ast.BinaryExpr:
		left, right := literal(expression.X), literal(expression.Y)
		if left != "" && right != "" {
			return left + right
		}
	}
	return ""
}

// Each text of a page is in both languages, and no English text is left over.
func TestTextsAreTranslated(t *testing.T) {
	frame := readTexts(t, ".")
	everywhere := map[string]bool{}
	folders := map[string]texts{".": frame}
	for _, folder := range []string{"invoiceapi", "paykeeper", "p2p", "intellectmoney"} {
		folders[folder] = readTexts(t, folder)
	}
	for _, found := range folders {
		for text := range found.literals {
			everywhere[text] = true
		}
	}
	for folder, found := range folders {
		for text, where := range found.asked {
			english, known := found.english[text]
			if !known {
				english = frame.english[text]
			}
			if english == "" || inRussian.MatchString(strings.ReplaceAll(english, "СКО", "")) {
				t.Errorf("%s: no English text for %q", where, text)
			}
			if verbs(english) != verbs(text) {
				t.Errorf("%s: %q has other values than %q", where, english, text)
			}
		}
		for text := range found.english {
			if used := found.literals[text] || folder == "." && everywhere[text]; !used {
				t.Errorf("%s: the English text for %q is not used", folder, text)
			}
		}
	}
}

// verbs are those of a format.
func verbs(text string) string {
	return strings.Join(regexp.MustCompile(`%[sdv]`).FindAllString(text, -1), "")
}

// A Russian text in a template that is not translated would be on English pages.
func TestTemplatesHaveNoBareTexts(t *testing.T) {
	for _, folder := range []string{".", "invoiceapi", "paykeeper", "p2p", "intellectmoney"} {
		names, err := filepath.Glob(filepath.Join(folder, "pages", "*.html"))
		must(t, err)
		for _, name := range names {
			content, err := os.ReadFile(name)
			must(t, err)
			bare := inBraces.ReplaceAllString(string(content), "")
			bare = strings.NewReplacer("По-русски", "", "Оплатить счёт", "").Replace(bare) // the second is in a mail of PayKeeper
			if left := regexp.MustCompile(`\p{Cyrillic}+`).FindAllString(bare, -1); left != nil {
				t.Errorf("%s: %q", name, left)
			}
		}
	}
}
