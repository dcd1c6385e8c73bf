package provider

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	qr "github.com/piglig/go-qr"
)

// quietZone is the white margin that a QR code needs to be found, in modules (ISO/IEC 18004).
const quietZone = 4

// aboutQRCode is what both functions say of their content.
const aboutQRCode = "The text is encoded as UTF-8, with the margin of 4 modules that scanners need, and as much error correction as fits. " +
	"2,953 bytes fit, which are 1,476 Cyrillic letters; 7,089 if all are digits, or 4,296 if all are digits and Latin capitals. Shorter ones give coarser codes that scan from farther away.\n\n"

// qrCode makes the code of a text. It corrects 15% of damage, or more where that costs no
// larger code; 7% where the text does not fit otherwise.
func qrCode(text string) (*qr.QrCode, *function.FuncError) {
	if text == "" {
		return nil, function.NewArgumentFuncError(0, "the content is empty. A QR code of nothing cannot be scanned")
	}
	code, err := qr.EncodeText(text, qr.Medium)
	if errors.Is(err, qr.ErrDataTooLong) {
		code, err = qr.EncodeText(text, qr.Low)
	}
	switch {
	case errors.Is(err, qr.ErrDataTooLong):
		return nil, function.NewArgumentFuncError(0, fmt.Sprintf("the content has %d bytes, which are more than a QR code holds. At most 2953 fit, 7089 if all are digits, or 4296 if all are digits and Latin capitals", len(text)))
	case err != nil:
		return nil, function.NewArgumentFuncError(0, "no QR code can be made: "+err.Error())
	}
	return code, nil
}

// svgOf draws a code without a size of its own: whoever shows it chooses. A run of dark modules
// in a row is one piece, so that no seams show between them.
func svgOf(code *qr.QrCode) string {
	var path strings.Builder
	for y := range code.Size() {
		for x := 0; x < code.Size(); x++ {
			begin := x
			for code.Module(x, y) {
				x++
			}
			if x > begin {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", begin+quietZone, y+quietZone, x-begin, x-begin)
			}
		}
	}
	side := code.Size() + 2*quietZone
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, side, side, side, side, path.String())
}

// pngOf draws a code in black and white, with modules large enough to print.
func pngOf(code *qr.QrCode) ([]byte, error) {
	const modulePixels = 8
	side := (code.Size() + 2*quietZone) * modulePixels
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if code.Module(x/modulePixels-quietZone, y/modulePixels-quietZone) {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	var file bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, picture)
	return file.Bytes(), err
}
