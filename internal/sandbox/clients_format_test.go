package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// clientRequest is one file of a client: a request, and what its answer must
// hold for the client to read it.
type clientRequest struct {
	file, method, path string
	header             http.Header
	body               string
	// statuses are the HTTP statuses that the client can live with.
	statuses []string
	expected []string
}

// readClientRequest reads a file: comments, the request as HTTP writes it, a line
// "==> 200", and one expectation a line.
func readClientRequest(t *testing.T, file string) clientRequest {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	request, expected, found := strings.Cut(string(text), "\n==> ")
	for strings.HasPrefix(request, "#") {
		_, request, _ = strings.Cut(request, "\n")
	}
	head, body, _ := strings.Cut(strings.TrimLeft(request, "\n"), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	r := clientRequest{file: filepath.Join(filepath.Base(filepath.Dir(file)), filepath.Base(file)), header: http.Header{}}
	if r.method, r.path, _ = strings.Cut(lines[0], " "); !found || !strings.HasPrefix(r.path, "/") {
		t.Fatalf("%s: want METHOD /path, headers, an empty line, the body, and ==> status", file)
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		r.header.Add(name, strings.TrimSpace(value))
	}
	r.body = strings.TrimRight(body, "\n")
	statuses, expected, _ := strings.Cut(expected, "\n")
	r.statuses = strings.Split(statuses, " or ")
	for line := range strings.Lines(expected) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			r.expected = append(r.expected, line)
		}
	}
	return r
}

var placeholder = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// bodyWith is the body as it is sent. A file has the fields of a form one a line,
// and not escaped.
func (r clientRequest) bodyWith(saved map[string]string) string {
	body, kind := fill(r.body, saved), r.header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return strings.ReplaceAll(body, "\n", "\r\n")
	case body == "" || !strings.HasPrefix(kind, "application/x-www-form-urlencoded") || strings.HasPrefix(body, "{"):
		return body
	}
	var fields []string
	for line := range strings.SplitSeq(body, "\n") {
		name, value, _ := strings.Cut(line, "=")
		fields = append(fields, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	return strings.Join(fields, "&")
}

// fill replaces {{name}} by what was saved, and {{base64 text}} and {{sha256 text}}
// by what is made of the text.
func fill(text string, saved map[string]string) string {
	for placeholder.MatchString(text) {
		text = placeholder.ReplaceAllStringFunc(text, func(match string) string {
			name := strings.Trim(match, "{}")
			function, argument, _ := strings.Cut(name, " ")
			switch value, isSaved := saved[name]; {
			case isSaved:
				return value
			case function == "base64":
				return base64.StdEncoding.EncodeToString([]byte(argument))
			case function == "sha256":
				sum := sha256.Sum256([]byte(argument))
				return hex.EncodeToString(sum[:])
			}
			return "(nothing was saved as " + name + ")"
		})
	}
	return text
}

// p2pSignature is what clients of the merchant invoices API send.
func p2pSignature(method, address, body string) string {
	mac := hmac.New(sha1.New, []byte("demo-secret-key"))
	mac.Write([]byte(method + address + body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
