// Package chart draws the pictures of reports: horizontal bars, since what is
// compared has long names. Why this library: docs/decisions/0013.
package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// Size of every picture, in pixels, but for its height, which grows with the
// bars.
const (
	Width     = 1000
	rowHeight = 30
	head      = 130
	// MaxRows is how many rows a picture has at most.
	MaxRows  = 20
	maxLabel = 38 // characters
)

// Series is one kind of bar: a value for each row.
type Series struct {
	Name   string // in the legend; empty with one series
	Values []float64
}

// Bars draws a picture (image/png) with a row for each label, the first on top.
// There have to be 1 to MaxRows labels, and as many values in each series.
// Values are written beside the bars with unit behind them.
func Bars(title, unit string, labels []string, series ...Series) ([]byte, error) {
	values := make([][]float64, len(series))
	var names []string
	for i, s := range series {
		if len(labels) == 0 || len(labels) > MaxRows || len(s.Values) != len(labels) {
			return nil, fmt.Errorf("chart: %d labels and %d values", len(labels), len(s.Values))
		}
		values[i] = slices.Clone(s.Values)
		slices.Reverse(values[i]) // the library draws from the bottom
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	shown := make([]string, len(labels))
	for i, l := range labels {
		shown[len(labels)-1-i] = cut(l)
	}
	o := charts.NewBarChartOptionWithData(values)
	o.Horizontal = true
	o.Title.Text = title
	o.CategoryAxis.Labels = shown
	o.CategoryAxis.LabelCount = len(shown)
	o.Legend.SeriesNames = names
	o.Legend.Offset = charts.OffsetStr{Left: charts.PositionRight}
	for i := range o.SeriesList {
		o.SeriesList[i].Label.Show = charts.Ptr(true)
		o.SeriesList[i].Label.ValueFormatter = func(v float64) string { return number(v) + unit }
	}
	p := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputPNG, Width: Width, Height: head + rowHeight*len(labels)*len(series),
	})
	if err := p.BarChart(o); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return p.Bytes()
}

// number is a value with at most one decimal.
func number(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

func cut(s string) string {
	letters := []rune(strings.Join(strings.Fields(s), " "))
	if len(letters) <= maxLabel {
		return string(letters)
	}
	return string(letters[:maxLabel-1]) + "…"
}
