package everypage_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
	"testing"
)

// squeeze makes a picture small: 256 colours are plenty for a page.
func squeeze(t testing.TB, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	full, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	palette, indexes := paletteOf(full)
	small := image.NewPaletted(full.Bounds(), palette)
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			c := color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)
			index, known := indexes[c]
			if !known {
				index = uint8(palette.Index(c))
				indexes[c] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	var encoded bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&encoded, small); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, encoded.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// paletteOf is made of the colours that a picture has most of. Of those that nobody
// tells apart only one is in it, so that a small spot keeps its own.
func paletteOf(full image.Image) (color.Palette, map[color.RGBA]uint8) {
	counts := make(map[color.RGBA]int)
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			counts[color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)]++
		}
	}
	colours := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		if d := counts[b] - counts[a]; d != 0 {
			return d
		}
		return bytes.Compare([]byte{a.R, a.G, a.B}, []byte{b.R, b.G, b.B}) // the same picture is the same file
	})
	indexes := make(map[color.RGBA]uint8)
	var palette color.Palette
	alike := make(map[[3]uint8]bool)
	for _, c := range colours {
		if shade := [3]uint8{c.R >> 3, c.G >> 3, c.B >> 3}; !alike[shade] && len(palette) < 256 {
			alike[shade] = true
			indexes[c] = uint8(len(palette))
			palette = append(palette, c)
		}
	}
	return palette, indexes
}
