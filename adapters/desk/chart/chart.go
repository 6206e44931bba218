// Package chart draws the pictures of reports: horizontal bars, since what is
// compared has long names. Why this library: docs/decisions/0013.
package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// Size of every picture, in pixels, but for its height, which grows with the
// bars. Chats show pictures at about half of that width, so letters are large.
const (
	Width     = 800
	rowHeight = 40
	head      = 130
	legend    = 40 // more, where there is one
	// MaxRows is how many rows a picture has at most.
	MaxRows  = 20
	maxLabel = 36 // characters: two dates
	maxTicks = 5
	margin   = 20
	beside   = 70 // room for a number behind the longest bar

	titleSize = 19
	textSize  = 15
)

// Series is one kind of bar: a value for each row.
type Series struct {
	Name   string // in the legend; empty with one series
	Values []float64
}

// Bars draws a picture (image/png) with a row for each label, the first on top.
// There have to be 1 to MaxRows labels, and as many values, none below zero, in
// each of one to three series. Values are written beside the bars, which begin
// at zero; where a value is shown as 0 there is neither bar nor number.
func Bars(title string, labels []string, series ...Series) ([]byte, error) {
	values := make([][]float64, len(series))
	var names []string
	for i, s := range series {
		if len(labels) == 0 || len(labels) > MaxRows || len(s.Values) != len(labels) {
			return nil, fmt.Errorf("chart: %d labels and %d values", len(labels), len(s.Values))
		}
		values[i] = slices.Clone(s.Values)
		slices.Reverse(values[i]) // the library draws from the bottom
		for k, v := range values[i] {
			if number(v) == "0" {
				values[i][k] = charts.GetNullValue() // it draws a line for nothing
			}
		}
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	height := head + rowHeight*len(labels)*len(series)
	if len(names) > 0 {
		height += legend
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: Width, Height: height})
	if err := p.BarChart(options(title, labels, names, values)); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return p.Bytes()
}

func options(title string, labels, names []string, values [][]float64) charts.BarChartOption {
	shown := make([]string, len(labels))
	for i, l := range labels {
		shown[len(labels)-1-i] = cut(l)
	}
	text := charts.FontStyle{FontSize: textSize}
	o := charts.NewBarChartOptionWithData(values)
	o.Theme = charts.GetTheme(charts.ThemeLight).WithSeriesColors(colours())
	o.Horizontal, o.Padding = true, charts.NewBox(margin, margin, beside, margin)
	o.Title.Text, o.Title.FontStyle = title, charts.FontStyle{FontSize: titleSize}
	o.CategoryAxis.Labels, o.CategoryAxis.LabelCount, o.CategoryAxis.LabelFontStyle = shown, len(shown), text
	step, n := ticks(values)
	o.ValueAxis = []charts.ValueAxisOption{{
		Min: charts.Ptr(0.0), Max: charts.Ptr(step * float64(n)), RangeValuePaddingScale: charts.Ptr(0.0),
		LabelCount: n + 1, LabelFontStyle: text, ValueFormatter: number,
	}}
	o.Legend.SeriesNames, o.Legend.FontStyle = names, text
	o.Legend.Offset = charts.OffsetStr{Left: charts.PositionLeft, Top: "48"}
	for i := range o.SeriesList {
		o.SeriesList[i].Label.Show = charts.Ptr(true)
		o.SeriesList[i].Label.FontStyle = text
		o.SeriesList[i].Label.ValueFormatter = number
	}
	return o
}

// colours are told apart by everybody, and also without any colour: blue and
// orange of Okabe and Ito's palette ("Color Universal Design"), and near black.
func colours() []charts.Color {
	return []charts.Color{charts.ColorFromHex("#0072B2"), charts.ColorFromHex("#E69F00"), charts.ColorFromHex("#2B2B2B")}
}

// ticks are n whole steps of 1, 2 or 5 and as many zeros as are needed.
func ticks(values [][]float64) (step float64, n int) {
	most := 1.0
	for _, v := range slices.Concat(values...) {
		if v != charts.GetNullValue() {
			most = max(most, v)
		}
	}
	for zeros := 1.0; ; zeros *= 10 {
		for _, digit := range []float64{1, 2, 5} {
			step = digit * zeros
			if n = int(math.Ceil(most / step)); n <= maxTicks {
				return step, n
			}
		}
	}
}

// number is a value with at most one decimal.
func number(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

func cut(s string) string {
	letters := []rune(strings.Join(strings.Fields(s), " "))
	if len(letters) <= maxLabel {
		return string(letters)
	}
	return strings.TrimRight(string(letters[:maxLabel-1]), " ") + "…"
}
