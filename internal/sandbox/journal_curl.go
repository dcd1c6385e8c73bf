package sandbox

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Headers that curl sets itself, or that say nothing of the call.
var notInCurl = []string{"Accept-Encoding", "Connection", "Content-Length", "User-Agent"}

// curl is a command that sends the call again. A credential that is the
// sandbox's own stands there as its environment variable. What else is masked has
// to be filled in.
func (e *exchange) curl(shown exchangeJSON, variables []Variable) string {
	command := []string{"curl"}
	if shown.Method != http.MethodGet {
		command = append(command, "-X", quoteForShell(shown.Method))
	}
	command = append(command, quoteForShell(shown.URL))
	if !isLoopback(e.host) {
		command = append(command, "-H", quoteForShell("Host: "+e.host))
	}
	for _, name := range slices.Sorted(maps.Keys(shown.Request.Headers)) {
		if slices.Contains(notInCurl, name) {
			continue
		}
		sent := e.request.header.Get(name)
		if login, isBasic := strings.CutPrefix(sent, "Basic "); isBasic {
			decoded, _ := base64.StdEncoding.DecodeString(login)
			user, password, _ := strings.Cut(string(decoded), ":")
			name := variableOf(variables, user, "")
			command = append(command, "-u", `"`+name+":"+variableOf(variables, password, name)+`"`)
			continue
		}
		kind, secret := "", sent
		if token, isBearer := strings.CutPrefix(sent, "Bearer "); isBearer {
			kind, secret = "Bearer ", token
		}
		if variable := variableOf(variables, secret, ""); variable != masked {
			command = append(command, "-H", quoteForShell(name+": "+kind)+`"`+variable+`"`)
		} else {
			command = append(command, "-H", quoteForShell(name+": "+shown.Request.Headers[name]))
		}
	}
	if shown.Request.Body != "" {
		command = append(command, "--data-raw", quoteForShell(shown.Request.Body))
	}
	return strings.Join(command, " ")
}

// variableOf is the environment variable with a value, for a shell. It is not the
// one that is taken: a login and its password may be equal.
func variableOf(variables []Variable, value, taken string) string {
	for _, v := range variables {
		if value != "" && v.Value == value && "$"+v.Name != taken {
			return "$" + v.Name
		}
	}
	return masked
}

// quoteForShell makes one word of a POSIX shell.
func quoteForShell(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
