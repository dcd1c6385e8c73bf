package provider

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// contents are what QR codes are made of, from the shortest to the longest.
var contents = map[string]string{
	"a letter":         "a",
	"a link":           "https://pay.invoice.su/init/2245bf86877afc315813aeac84717fe918869",
	"a query":          "https://demo.paykeeper.ru/bill/1/?a=%20b&pstype=sbp_default#top",
	"digits":           "20261126",
	"capitals":         "HTTPS://EXAMPLE.COM/1",
	"Cyrillic":         "Оплата заказа № 42: 1 488,11 ₽",
	"other scripts":    "支払い 결제 🧾",
	"markup":           "<script>&amp;\"'</script>\n\tend",
	"a long link":      varied("https://example.com/%d?", 500),
	"much":             varied("https://example.com/%d?", 900),
	"much in Cyrillic": varied("Оплата заказа %d, ", 900),
	"as much as fits":  varied("https://example.com/%d?", 2953),
	"Cyrillic to fit":  strings.Repeat("ж", 1476),
	"digits to fit":    varied("%d", 7089),
}

// varied repeats a text with other numbers, and cuts it.
func varied(format string, length int) string {
	var text strings.Builder
	for n := 1; text.Len() < length; n++ {
		fmt.Fprintf(&text, format, n*n*7919)
	}
	return strings.ToValidUTF8(text.String()[:length], "")
}

// isLarge reports whether a code is so large that this decoder finds corners where there are
// none. There it is told that nothing else is in the picture, and wants whole pixels.
func isLarge(content string) bool { return len(content) > 500 }

// scan reads a picture as a camera's program does, which has to find the code first.
func scan(t *testing.T, picture image.Image, content string) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	if isLarge(content) {
		hints[gozxing.DecodeHintType_PURE_BARCODE] = true
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		t.Errorf("%v: %v", picture.Bounds(), err)
		return ""
	}
	return result.GetText()
}

// drawing is an SVG image of the kind that qr_svg draws: rectangles in a path.
type drawing struct {
	XMLName   xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	ViewBox   string   `xml:"viewBox,attr"`
	Rendering string   `xml:"shape-rendering,attr"`
	Width     string   `xml:"width,attr"`
	Height    string   `xml:"height,attr"`
	Paths     []struct {
		Fill string `xml:"fill,attr"`
		D    string `xml:"d,attr"`
	} `xml:"path"`
}

var rectangle = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v(\d+)(?:h-\d+|H0)z`)

// render draws it with so many pixels on a side, as a browser does with crisp edges: each
// pixel has the color of what lies under its middle.
func (d drawing) render(t *testing.T, pixels int) *image.Gray {
	t.Helper()
	var side int
	if _, err := fmt.Sscanf(d.ViewBox, "0 0 %d %d", &side, &side); err != nil {
		t.Fatal(err)
	}
	units := make([]color.Gray, side*side) // transparent is black here, so a missing background is seen
	for _, path := range d.Paths {
		shade := map[string]color.Gray{"#fff": {Y: 255}, "#000": {Y: 0}}[path.Fill]
		if left := rectangle.ReplaceAllString(path.D, ""); left != "" {
			t.Fatalf("not a rectangle: %q", left)
		}
		for _, found := range rectangle.FindAllStringSubmatch(path.D, -1) {
			var box [4]int
			for i := range box {
				box[i], _ = strconv.Atoi(found[i+1])
			}
			for y := box[1]; y < box[1]+box[3]; y++ {
				for x := box[0]; x < box[0]+box[2]; x++ {
					units[y*side+x] = shade
				}
			}
		}
	}
	picture := image.NewGray(image.Rect(0, 0, pixels, pixels))
	for y := range pixels {
		for x := range pixels {
			picture.SetGray(x, y, units[(2*y+1)*side/(2*pixels)*side+(2*x+1)*side/(2*pixels)])
		}
	}
	return picture
}

func TestQRCodeSVGScansAtAnySize(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := c.text("qr_svg", content)
			var svg drawing
			if err := xml.Unmarshal([]byte(text), &svg); err != nil {
				t.Fatal(err)
			}
			if svg.Width != "" || svg.Height != "" || svg.Rendering != "crispEdges" {
				t.Errorf("%.150s", text)
			}
			var side int
			_, _ = fmt.Sscanf(svg.ViewBox, "0 0 %d", &side)
			scales := []float64{2, 3, 4.7, 8, 13.3}
			if isLarge(content) {
				scales = []float64{2, 5}
			}
			for _, scale := range scales {
				if got := scan(t, svg.render(t, int(float64(side)*scale)), content); got != content {
					t.Errorf("%.1f pixels for each module: %.60q, want %.60q", scale, got, content)
				}
			}
			hasQuietZone(t, svg.render(t, side), 1)
		})
	}
}

func TestQRCodePNGScans(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			picture, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(c.text("qr_png_base64", content))))
			if err != nil {
				t.Fatal(err)
			}
			if got := scan(t, picture, content); got != content {
				t.Errorf("%.60q, want %.60q", got, content)
			}
			for _, pixels := range []int{picture.Bounds().Dx() / 2, picture.Bounds().Dx() * 3 / 2} {
				if got := scan(t, resized(picture, pixels), content); got != content {
					t.Errorf("as %d pixels: %.60q, want %.60q", pixels, got, content)
				}
			}
			hasQuietZone(t, picture, 8)
		})
	}
}

// resized shows a picture with another number of pixels on a side.
func resized(picture image.Image, pixels int) image.Image {
	changed := image.NewGray(image.Rect(0, 0, pixels, pixels))
	side := picture.Bounds().Dx()
	for y := range pixels {
		for x := range pixels {
			changed.Set(x, y, picture.At((2*x+1)*side/(2*pixels), (2*y+1)*side/(2*pixels)))
		}
	}
	return changed
}

// hasQuietZone wants 4 white modules around the code, and none more.
func hasQuietZone(t *testing.T, picture image.Image, modulePixels int) {
	t.Helper()
	inside := image.Rectangle{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if shade, _, _, _ := picture.At(x, y).RGBA(); shade == 0 {
				inside = inside.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if want := picture.Bounds().Inset(4 * modulePixels); inside != want {
		t.Errorf("dark from %v, want %v", inside, want)
	}
}

// A screen and a printer lose much: a tenth of a code may be gone.
func TestQRCodeScansWhenDamaged(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	content := contents["a link"]
	var svg drawing
	if err := xml.Unmarshal([]byte(c.text("qr_svg", content)), &svg); err != nil {
		t.Fatal(err)
	}
	picture := svg.render(t, 450)
	for y := 200; y < 270; y++ {
		for x := 200; x < 270; x++ {
			picture.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	if got := scan(t, picture, content); got != content {
		t.Errorf("%q", got)
	}
}

func TestQRCodeRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for _, name := range []string{"qr_svg", "qr_png_base64"} {
		c.fails(0, "the content has 2954 bytes, which are more than a QR code holds", name, strings.Repeat("a", 2954))
		c.fails(0, "the content has 2954 bytes", name, strings.Repeat("ж", 1477))
		c.fails(0, "the content has 7090 bytes, which are more than a QR code holds. At most 2953 fit, 7089 if all are digits", name, strings.Repeat("7", 7090))
		c.text(name, strings.Repeat("7", 7089))
		c.text(name, strings.Repeat("A", 4296))
		c.fails(0, "the content has 100000 bytes", name, strings.Repeat("a", 100000))
		c.fails(0, "the content is empty", name, "")
	}
}
