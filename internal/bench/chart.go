package bench

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// The chart's measures, in SVG units, which are about pixels.
const (
	chartWidth = 860
	chartLeft  = 190 // where the axis begins; names stand before it
	chartRight = 600 // where it ends; figures stand behind it
	chartTop   = 74  // of the first row
	rowHeight  = 34
	octaves    = 3.0 // the axis reaches from 1/8 of the goal to 8 times
)

// chartStyle is read in light and in dark.
const chartStyle = `
text{font:13px system-ui,sans-serif;fill:#24292f}
.title{font-size:16px;font-weight:600}
.small{font-size:11.5px;fill:#57606a}
.grid{stroke:#d0d7de}
.goal{stroke:#57606a;stroke-width:1.5;stroke-dasharray:4 3}
.met{stroke:#1a7f37;fill:#1a7f37}
.missed{stroke:#bc4c00;fill:#bc4c00}
text.met,text.missed{stroke:none}
.spread{stroke-width:2;opacity:.55}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.small{fill:#9198a1}.grid{stroke:#30363d}.goal{stroke:#9198a1}
.met{stroke:#3fb950;fill:#3fb950}.missed{stroke:#f0883e;fill:#f0883e}
}`

// WriteChart draws how far every figure with a goal is from it, as an SVG: what
// lies to the right of the line is better than asked. A dot is the median, a
// bar the spread of the rounds; a missed goal is an open ring, so that the
// colour is not all there is to tell it.
func WriteChart(w io.Writer, r Results) error {
	var goals []Figure
	for _, f := range r.Figures {
		if f.Goal.Set() {
			goals = append(goals, f)
		}
	}
	bottom := chartTop + rowHeight*len(goals)
	c := &chart{}
	c.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, bottom+44, "Goals and what was measured")
	c.put(`<style>%s</style>`, chartStyle)
	c.put(`<text class="title" x="16" y="26">How far from the goal</text>`)
	c.put(`<text class="small" x="16" y="44">%s, %d cores, %s. Dot: median; bar: least to greatest round.</text>`,
		r.At.UTC().Format(time.DateOnly), r.Cores, escape(r.Go))
	for octave := -octaves; octave <= octaves; octave++ {
		x, class := place(octave), "grid"
		if octave == 0 {
			class = "goal"
		}
		c.put(`<line class="%s" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, class, x, x, chartTop-16, bottom)
		c.put(`<text class="small" x="%.1f" y="%d" text-anchor="middle">%s</text>`, x, bottom+16, times(octave))
	}
	c.put(`<text class="small" x="%.1f" y="%d" text-anchor="middle">worse than the goal, and better than the goal</text>`, place(0), bottom+34)
	for i, f := range goals {
		c.row(f, chartTop+rowHeight*i+rowHeight/2)
	}
	c.put(`</svg>`)
	_, err := io.WriteString(w, c.b.String())
	return err
}

type chart struct{ b strings.Builder }

func (c *chart) put(format string, args ...any) { fmt.Fprintf(&c.b, format+"\n", args...) }

// row draws a figure at a height.
func (c *chart) row(f Figure, y int) {
	judged, row, class := f.Judged(), f.Row(), "missed"
	if f.Met() {
		class = "met"
	}
	from, to := place(f.octave(Quantile(judged, 0))), place(f.octave(Quantile(judged, 1)))
	at := place(f.octave(Median(judged)))
	c.put(`<text x="%d" y="%d" text-anchor="end">%s</text>`, chartLeft-14, y+4, escape(f.Name))
	c.put(`<line class="spread %s" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, class, from, to, y, y)
	fill := ""
	if class == "missed" {
		fill = ` style="fill:none;stroke-width:2.5"`
	}
	c.put(`<circle class="%s" cx="%.1f" cy="%d" r="5.5"%s/>`, class, at, y, fill)
	c.put(`<text class="%s" x="%d" y="%d">%s, goal %s: %s</text>`, class, chartRight+16, y+4, escape(row.Judged), escape(row.Goal), strings.ToLower(row.Verdict))
}

// octave is how many times better than the goal a value is, as a power of two,
// as far as the axis reaches.
func (f Figure) octave(x float64) float64 {
	limit := f.Goal.Limit()
	better := x / limit
	if f.Goal.AtMost != nil {
		better = limit / x
	}
	switch {
	case x == limit:
		return 0
	case f.Goal.met(x) && (limit == 0 || x <= 0): // beyond all measure
		return octaves
	case limit == 0 || x <= 0:
		return -octaves
	}
	return max(-octaves, min(octaves, math.Log2(better)))
}

// place is where an octave lies on the axis.
func place(octave float64) float64 {
	return chartLeft + (octave+octaves)/(2*octaves)*(chartRight-chartLeft)
}

func times(octave float64) string {
	switch {
	case octave == 0:
		return "goal"
	case octave < 0:
		return fmt.Sprintf("1/%.0f", math.Exp2(-octave))
	}
	return fmt.Sprintf("%.0f x", math.Exp2(octave))
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder does not fail
	return b.String()
}
