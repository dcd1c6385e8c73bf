package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// chromium is the browser that all tests share, nil if there is none. Each person has a
// profile of their own in it.
var chromium context.Context

func TestMain(m *testing.M) {
	program := findChromium()
	if program == "" {
		fmt.Println("LEFT OUT: " + withoutChromium)
		os.Exit(m.Run()) // each test says that it was skipped
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.WSURLReadTimeout(startTimeout),
		// Pictures are the same on machines with and without a graphics card.
		chromedp.DisableGPU, chromedp.Flag("host-resolver-rules", "MAP "+strangeName+" 127.0.0.1"), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		// As root, chromium does not start with its sandbox. It only visits this machine.
		options = append(options, chromedp.NoSandbox)
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	var closeBrowser context.CancelFunc
	chromium, closeBrowser = chromedp.NewContext(allocator)
	code := 1
	if err := chromedp.Do(chromium); err != nil {
		fmt.Fprintf(os.Stderr, "start %s: %v\n", program, err)
	} else {
		code = m.Run()
	}
	closeBrowser()
	end()
	os.Exit(code)
}

const withoutChromium = "chromium is not installed, so no page was looked at; tools/browser.sh installs it (apt-get install chromium fonts-dejavu-core)"

// findChromium finds the browser: CHROMIUM, or the usual names.
func findChromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// needChromium skips a test that has no browser.
func needChromium(t *testing.T) {
	t.Helper()
	if chromium == nil {
		t.Skip(withoutChromium)
	}
}
