package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

func TestMaskFiles(t *testing.T) {
	form := http.Header{"Content-Type": {`multipart/form-data; boundary="x y"`}}
	const start = "--x y\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"ivanov.png\"\r\nContent-Type: image/png\r\n\r\n"
	const reason = "--x y\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\npaid\r\n"
	for body, want := range map[string]string{
		start + "PNG\r\n\r\nIvanov\r\n" + reason + "--x y--\r\n": "filename=\"***\"\r\nContent-Type: image/png\r\n\r\n*** (13 bytes of image/png)\r\n" + reason + "--x y--\r\n",
		strings.ReplaceAll(start, "\r", "") + "Ivanov\n--x y--":  "filename=\"***\"\nContent-Type: image/png\n\n*** (6 bytes of image/png)\n--x y--",
		reason + "--x y--": reason + "--x y--",
		"--x y\r\ncontent-disposition: form-data; filename*=UTF-8''ivanov; name=a\r\n\r\nIvanov\r\n--x y--": "filename*=\"***\"; name=a\r\n\r\n*** (6 bytes)\r\n--x y--",
	} {
		if got := maskFiles(form, body, false); !strings.HasSuffix(got, want) || strings.Contains(strings.ToLower(got), "ivanov") {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
	for end, want := range map[string]string{"": "*** (more than 0 bytes of image/png)", "Ivanov": "*** (more than 6 bytes of image/png)"} {
		if got := maskFiles(form, start+end, true); !strings.HasSuffix(got, want) {
			t.Errorf("cut: got %q, want %q", got, want)
		}
	}
	cut := maskFiles(form, "--x y\r\nContent-Disposition: form-data; name=\"a\"; filename=\"ivano", true)
	if strings.Contains(cut, "ivano") {
		t.Errorf("cut in the head: %q", cut)
	}
	if got := maskFiles(http.Header{"Content-Type": {"text/plain; boundary=x"}}, start, false); got != start {
		t.Errorf("no form: %q", got)
	}
}
