package main

import (
	"bytes"
	"image/color"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// curve is one line of the chart.
type curve struct {
	kind  kind
	step  step
	color color.Color
	dash  []vg.Length
}

// Applying is solid, planning dashed. The colours are told apart by the colour-blind, too.
var curves = []curve{
	{links, apply, color.RGBA{0x00, 0x72, 0xb2, 0xff}, nil},
	{links, plan, color.RGBA{0x00, 0x72, 0xb2, 0xff}, []vg.Length{4, 3}},
	{invoices, apply, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, nil},
	{invoices, plan, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, []vg.Length{4, 3}},
	{builtIn, apply, color.RGBA{0x70, 0x70, 0x70, 0xff}, nil},
	{builtIn, plan, color.RGBA{0x70, 0x70, 0x70, 0xff}, []vg.Length{4, 3}},
}

// chart draws wall time and CPU over the number of objects as an SVG. Both axes are
// logarithmic: what costs the same for each object is a straight line.
func chart(all results) ([]byte, error) {
	const width, height = 26 * vg.Centimeter, 13 * vg.Centimeter
	plot.DefaultFont.Variant = "Sans"
	canvas := vgsvg.New(width, height)
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadX: vg.Centimeter, PadTop: 3, PadBottom: 3, PadLeft: 3, PadRight: 6}
	left, err := panel(all, "Seconds from start to end", wall)
	if err != nil {
		return nil, err
	}
	right, err := panel(all, "CPU seconds, CLI and provider", func(r run) float64 { return (r.CLI.CPU + r.Provider.CPU).Seconds() })
	if err != nil {
		return nil, err
	}
	right.Legend = plot.NewLegend() // the left one has it
	for i, p := range []*plot.Plot{left, right} {
		p.Draw(tiles.At(draw.New(canvas), i, 0))
	}
	var svg bytes.Buffer
	_, err = canvas.WriteTo(&svg)
	// Few machines have this font, and a browser's own choice has serifs.
	return bytes.ReplaceAll(svg.Bytes(), []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,sans-serif")), err
}

func panel(all results, title string, measure func(run) float64) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text = title, "objects"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.Y.Tick.Marker = plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(3)
	p.Add(plotter.NewGrid())
	sizes := map[int]bool{}
	for _, c := range curves {
		points := c.points(all, measure)
		if len(points) == 0 {
			continue
		}
		for _, point := range points {
			sizes[int(point.X)] = true
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return nil, err
		}
		line.Color, line.Dashes, line.Width = c.color, c.dash, vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(string(c.kind)+", "+string(c.step), line)
	}
	var ticks plot.ConstantTicks
	for size := range sizes {
		ticks = append(ticks, plot.Tick{Value: float64(size), Label: strconv.Itoa(size)})
	}
	p.X.Tick.Marker = ticks
	return p, nil
}

// points are the curve's, by size.
func (c curve) points(all results, measure func(run) float64) plotter.XYs {
	latency := usual(all.latencies(c.kind))
	var points plotter.XYs
	for _, r := range all {
		if r.Scene == inMatrix && r.Kind == c.kind && r.Step == c.step && r.Latency == latency {
			points = append(points, plotter.XY{X: float64(r.Objects), Y: measure(r)})
		}
	}
	slices.SortFunc(points, func(a, b plotter.XY) int { return int(a.X - b.X) })
	return points
}
