package chart

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

// colours counts the different colours of a picture.
func colours(t *testing.T, data []byte) (width, height, n int) {
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
	one, err := Bars("Who has what", "", []string{"Wiki", strings.Repeat("A very long name ", 9), "übung"}, Series{Values: []float64{3, 2, 0}})
	if err != nil {
		t.Fatal(err)
	}
	if w, h, n := colours(t, one); w != Width || h != head+3*rowHeight || n < 10 {
		t.Errorf("%d × %d pixels in %d colours", w, h, n)
	}
	two, err := Bars("Times", " h", []string{"Wiki"}, Series{"median", []float64{1.25}}, Series{"90 %", []float64{40}})
	if err != nil {
		t.Fatal(err)
	}
	if w, h, _ := colours(t, two); w != Width || h != head+2*rowHeight {
		t.Errorf("%d × %d pixels", w, h)
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	t.Parallel()
	for name, labels := range map[string][]string{"nothing": nil, "too much": make([]string, MaxRows+1)} {
		if _, err := Bars("", "", labels, Series{Values: make([]float64, len(labels))}); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
	if _, err := Bars("", "", []string{"a"}, Series{}); err == nil {
		t.Error("a label without a value is drawn")
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
