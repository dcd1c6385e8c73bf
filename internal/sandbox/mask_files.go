package sandbox

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
)

var (
	isFile   = regexp.MustCompile(`(?i)content-disposition:[^\r\n]*filename`)
	fileName = regexp.MustCompile(`(?i)(filename\*?=)("(?:[^"\\\r\n]|\\.)*"?|[^;\r\n]*)`)
	fileType = regexp.MustCompile(`(?im)^content-type:[ \t]*([\w.+-]+/[\w.+-]+)`)
	partHead = regexp.MustCompile(`\r?\n\r?\n`)
)

// maskFiles hides the files in a form (multipart/form-data): a picture of a
// transfer shows a person. Their sizes and types stay. A body that is cut has the
// beginning of its last file only.
func maskFiles(header http.Header, body string, isCut bool) string {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" {
		return body
	}
	parts := strings.Split(body, "--"+params["boundary"])
	for n, part := range parts {
		head := partHead.FindStringIndex(part)
		switch {
		case head == nil && isFile.MatchString(part): // cut in the head
			parts[n] = fileName.ReplaceAllString(part, `${1}"`+masked+`"`)
			continue
		case head == nil || !isFile.MatchString(part[:head[0]]):
			continue
		}
		content := strings.TrimSuffix(strings.TrimSuffix(part[head[1]:], "\n"), "\r")
		end := part[head[1]+len(content):]
		about := fmt.Sprintf("%d bytes", len(content))
		if isCut && n == len(parts)-1 {
			about = "more than " + about
		}
		if found := fileType.FindStringSubmatch(part[:head[0]]); found != nil {
			about += " of " + found[1]
		}
		parts[n] = fileName.ReplaceAllString(part[:head[0]], `${1}"`+masked+`"`) + part[head[0]:head[1]] + masked + " (" + about + ")" + end
	}
	return strings.Join(parts, "--"+params["boundary"])
}
