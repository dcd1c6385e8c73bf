package sandbox_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check returns what the client cannot read in an answer. It saves what later
// requests send.
func (r clientRequest) check(status int, body string, saved map[string]string) (mistakes []string) {
	if !slices.Contains(r.statuses, strconv.Itoa(status)) {
		return []string{fmt.Sprintf("HTTP status %d, want %s", status, strings.Join(r.statuses, " or "))}
	}
	var answer any
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	isJSON := decoder.Decode(&answer) == nil
	for _, line := range r.expected {
		expectation, name, saves := strings.Cut(line, " -> ")
		key, want, _ := strings.Cut(expectation, ": ")
		want = fill(want, saved)
		value, mistake := body, ""
		switch {
		case key == "contains":
			if !strings.Contains(body, want) {
				mistake = "no " + want
			}
		case key == "matches":
			found := regexp.MustCompile(want).FindStringSubmatch(body)
			if found == nil {
				mistake = "nothing matches " + want
			} else {
				value = found[len(found)-1]
			}
		case !isJSON:
			mistake = "no JSON"
		default:
			value, mistake = checkField(answer, key, want)
		}
		if mistake != "" {
			mistakes = append(mistakes, mistake)
		} else if saves {
			saved[name] = value
		}
	}
	return mistakes
}

// checkField wants the field at a path to be of one of several kinds, and returns
// it as text.
func checkField(answer any, path, kinds string) (text, mistake string) {
	value, found := at(answer, strings.TrimSuffix(path, ".only"))
	if strings.HasSuffix(path, "only") {
		return "", checkOnly(value, path, kinds)
	}
	if !found {
		value = missing{}
	}
	for kind := range strings.SplitSeq(kinds, " or ") {
		if isOfKind(value, kind) {
			return fmt.Sprint(value), ""
		}
	}
	return "", fmt.Sprintf("%s is %#v, want %s", path, value, kinds)
}

// checkOnly wants an object to have no fields but some.
func checkOnly(value any, path, names string) string {
	object, _ := value.(map[string]any)
	for name := range object {
		if !slices.Contains(strings.Split(names, ", "), name) {
			return fmt.Sprintf("%s: the client's model has no field %s", path, name)
		}
	}
	return ""
}

// missing stands for a field that is not there.
type missing struct{}

// at is the field at a path such as deals[0].id. "only" and "" are the answer
// itself.
func at(value any, path string) (any, bool) {
	for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if step == "only" {
			continue
		}
		switch inner := value.(type) {
		case map[string]any:
			var found bool
			if value, found = inner[step]; !found {
				return nil, false
			}
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(inner) {
				return nil, false
			}
			value = inner[index]
		default:
			return nil, false
		}
	}
	return value, true
}

// isOfKind reports whether a value is of a kind: a type of JSON, numeric (a number,
// or a text that is one), text (not empty), time (as PayKeeper writes it), absent, or
// a literal in JSON.
func isOfKind(value any, kind string) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	switch kind {
	case "string":
		return isText
	case "text":
		return text != ""
	case "number":
		return isNumber
	case "numeric":
		_, err := strconv.ParseFloat(text+number.String(), 64)
		return err == nil
	case "integer":
		_, err := strconv.Atoi(text + number.String())
		return err == nil
	case "boolean":
		_, isBoolean := value.(bool)
		return isBoolean
	case "time":
		_, err := time.Parse(time.DateTime, text)
		return err == nil
	case "object":
		_, isObject := value.(map[string]any)
		return isObject
	case "array":
		_, isArray := value.([]any)
		return isArray
	case "null":
		return value == nil
	case "absent":
		return value == missing{}
	}
	literal, err := json.Marshal(value)
	return err == nil && string(literal) == kind && value != missing{}
}
