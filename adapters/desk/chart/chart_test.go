package chart

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/go-analyze/charts"
)

// drawn counts the different colours of a picture.
func drawn(t *testing.T, data []byte) (width, height, n int) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[4]uint32]bool{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := img.At(x, y).RGBA()
			seen[[4]uint32{r, g, bl, a}] = true
		}
	}
	return b.Dx(), b.Dy(), len(seen)
}

func TestBarsAreDrawn(t *testing.T) {
	t.Parallel()
	one, err := Bars("Who has what", []string{"Wiki", strings.Repeat("A very long name ", 9), "übung"}, Series{Values: []float64{3, 2, 0}})
	if err != nil {
		t.Fatal(err)
	}
	if w, h, n := drawn(t, one); w != Width || h != head+3*rowHeight || n < 10 {
		t.Errorf("%d × %d pixels in %d colours", w, h, n)
	}
	two, err := Bars("Times", []string{"Wiki"}, Series{"median", []float64{1.25}}, Series{"90 %", []float64{40}})
	if err != nil {
		t.Fatal(err)
	}
	if w, h, _ := drawn(t, two); w != Width || h != head+legend+2*rowHeight {
		t.Errorf("%d × %d pixels", w, h)
	}
}

// What is nothing, or too little to be shown, has no bar.
func TestNothingHasNoBar(t *testing.T) {
	t.Parallel()
	blue := func(values ...float64) (n int) {
		data, err := Bars("Some", []string{"a", "b", "c"}, Series{Values: values})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		c := colours()[0]
		rows := map[int]bool{}
		for y := range img.Bounds().Dy() {
			for x := range Width {
				// the edge of a thin bar is paler than the bar
				if r, g, b, _ := img.At(x, y).RGBA(); uint8(b>>8) > uint8(r>>8)+40 && uint8(r>>8) < c.R+150 && uint8(g>>8) > uint8(r>>8) {
					rows[y] = true
				}
			}
		}
		return len(rows)
	}
	if all, one := blue(2, 2, 2), blue(2, 0, 0.04); all < 60 || one > all/3+2 {
		t.Errorf("three bars take %d rows of pixels, one %d", all, one)
	}
	if none := blue(0, 0, 0); none != 0 {
		t.Errorf("no bar takes %d rows of pixels", none)
	}
}

// Bars begin at zero: one that is half as long is half as much.
func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	t.Parallel()
	data, err := Bars("Many", []string{"a", "b", "c"}, Series{Values: []float64{2, 1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	blue := colours()[0]
	var lengths []int
	for y := range img.Bounds().Dy() {
		n := 0
		for x := range Width {
			if r, g, b, _ := img.At(x, y).RGBA(); uint8(r>>8) == blue.R && uint8(g>>8) == blue.G && uint8(b>>8) == blue.B {
				n++
			}
		}
		if n > 0 && (len(lengths) == 0 || lengths[len(lengths)-1] != n) {
			lengths = append(lengths, n)
		}
	}
	if len(lengths) != 2 || lengths[0] < 200 || lengths[0] < 2*lengths[1]-2 || lengths[0] > 2*lengths[1]+2 {
		t.Errorf("bars for 2, 1 and 1 are %v long", lengths)
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	t.Parallel()
	for name, labels := range map[string][]string{"nothing": nil, "too much": make([]string, MaxRows+1)} {
		if _, err := Bars("", labels, Series{Values: make([]float64, len(labels))}); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
	if _, err := Bars("", []string{"a"}, Series{}); err == nil {
		t.Error("a label without a value is drawn")
	}
}

// The axis has a few whole numbers, whatever the values are.
func TestTheAxisHasWholeNumbers(t *testing.T) {
	t.Parallel()
	for most, want := range map[float64]string{
		0: "1 × 1", 0.4: "1 × 1", 1: "1 × 1", 2: "1 × 2", 3: "1 × 3", 5: "1 × 5", 6: "2 × 3", 24.5: "5 × 5", 99: "20 × 5", 101: "50 × 3", 1000: "200 × 5", 20_001: "5000 × 5",
	} {
		step, n := ticks([][]float64{{0, most}, {most / 2}})
		if got := fmt.Sprint(step, " × ", n); got != want {
			t.Errorf("up to %v: %s, want %s", most, got, want)
		}
	}
}

// Without any colour the bars are told apart as well, from each other and from
// the white behind them: WCAG 2.1, "Non-text Contrast" for the luminance.
func TestBarsAreToldApartWithoutColour(t *testing.T) {
	t.Parallel()
	light := func(c charts.Color) float64 {
		of := func(v uint8) float64 {
			if f := float64(v) / 255; f > 0.04045 {
				return math.Pow((f+0.055)/1.055, 2.4)
			}
			return float64(v) / 255 / 12.92
		}
		return 0.2126*of(c.R) + 0.7152*of(c.G) + 0.0722*of(c.B)
	}
	all := append(colours(), charts.ColorWhite)
	for i, a := range all {
		for _, b := range all[i+1:] {
			if x, y := light(a), light(b); (max(x, y)+0.05)/(min(x, y)+0.05) < 2 {
				t.Errorf("%v and %v are too much alike", a, b)
			}
		}
	}
}

func TestLongNamesAreCut(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Wiki": "Wiki", " a \n b ": "a b", strings.Repeat("ü", 36): strings.Repeat("ü", 36), strings.Repeat("ü", 37): strings.Repeat("ü", 35) + "…",
		strings.Repeat("word ", 9): "word word word word word word word…",
	} {
		if got := cut(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestValuesAreShort(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{3: "3", 0: "0", 1.25: "1.2", 1.96: "2", 100: "100"} {
		if got := number(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}
