package browser

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

var screenshots = flag.String("screenshots", "", "a directory for pictures of every page (make screenshots)")

// TestScreenshots takes a picture of every page as a whole, at both widths and in both
// languages, and of the pages on which people pay in dark colours, too.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("make screenshots takes them")
	}
	needChromium(t)
	must(t, os.MkdirAll(*screenshots, 0o750))
	must(t, removePictures(*screenshots))
	number := 0
	for _, language := range languages {
		s := openShop(t)
		pages := s.everyPage()
		p := newPerson(t, s.URL, language)
		for _, shown := range pages {
			for _, size := range []screen{phone, desktop} {
				for _, scheme := range []string{"light", "dark"} {
					if scheme == "dark" && !shown.isPaidHere {
						continue
					}
					p.sitAt(size)
					p.preferColors(scheme)
					p.show(shown)
					name := fmt.Sprintf("%s-%s-%d", shown.name, language, size.width)
					if scheme == "dark" {
						name += "-dark"
					}
					must(t, os.WriteFile(filepath.Join(*screenshots, name+".png"), p.picture(size), 0o600))
					number++
				}
			}
		}
	}
	fmt.Printf("%d pictures in %s\n", number, *screenshots)
}

// removePictures removes those of the last time. Whatever else is in the folder stays.
func removePictures(folder string) error {
	old, err := filepath.Glob(filepath.Join(folder, "*.png"))
	for _, name := range old {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

func TestOnlyPicturesAreRemoved(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"old.png", "notes.txt"} {
		must(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	must(t, removePictures(folder))
	left, err := os.ReadDir(folder)
	if must(t, err); len(left) != 1 || left[0].Name() != "notes.txt" {
		t.Errorf("left are %v", left)
	}
}

// picture is the whole page, as long as it is, with the first of its details open.
func (p *person) picture(size screen) []byte {
	p.t.Helper()
	evaluate[bool](p, `document.querySelector('details')?.setAttribute('open', ''), true`)
	height := max(size.height, int64(evaluate[float64](p, `document.documentElement.scrollHeight`)))
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size.width, Height: height, DeviceScaleFactor: 1, Mobile: size == phone,
	})
	return call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data
}
