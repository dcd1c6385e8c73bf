package intellectmoney

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// sign is the header Sign: the lower-case hex SHA-256 of the values and the
// secret key, joined by "::". An absent value is an empty segment [V].
func (g *Gateway) sign(signed []string, values map[string]string) string {
	segments := make([]string, 0, len(signed)+1)
	for _, name := range signed {
		segments = append(segments, values[name])
	}
	sum := sha256.Sum256([]byte(strings.Join(append(segments, g.options.SignSecretKey), "::")))
	return hex.EncodeToString(sum[:])
}

// readBody reads the parameters of a form or of a JSON object, whatever the
// content type. The document's samples send a form as application/json, and
// both are accepted [V]. A JSON value that is not a string is signed as its
// text [I].
func readBody(body []byte) (map[string]string, error) {
	body = bytes.TrimSpace(body)
	if !bytes.HasPrefix(body, []byte("{")) {
		return readForm(string(body))
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var sent map[string]any
	if err := decoder.Decode(&sent); err != nil || decoder.More() {
		return nil, refuse("Тело запроса не удалось прочитать как JSON.")
	}
	values := map[string]string{}
	for name, value := range sent {
		switch value := value.(type) {
		case nil:
		case string:
			values[name] = value
		case json.Number:
			values[name] = value.String()
		case bool:
			values[name] = strconv.FormatBool(value)
		default:
			return nil, refuse("Неверное значение параметра " + name + ".")
		}
	}
	return values, nil
}

// readForm reads a form. The document's PHP sample does not escape the '+' of
// the user token, which a form reads as a space. It signs the '+', as the C#
// sample does. So a space in a user token is a '+' [I].
func readForm(body string) (map[string]string, error) {
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, refuse("Тело запроса не удалось прочитать как форму.")
	}
	values := map[string]string{}
	for name := range form {
		values[name] = form.Get(name)
	}
	values["UserToken"] = strings.ReplaceAll(values["UserToken"], " ", "+")
	return values, nil
}
