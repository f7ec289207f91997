package bench

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Row is a figure in words: what a line of the report says.
type Row struct{ Name, Ours, Peer, Judged, Spread, Goal, Verdict string }

// Row puts a figure into words. The spread is that of what is judged, from the
// least round to the greatest.
func (f Figure) Row() Row {
	judged := f.Judged()
	r := Row{
		Name: f.Name, Ours: number(Median(f.Ours)) + " " + f.Unit,
		Spread: number(Quantile(judged, 0)) + ".." + number(Quantile(judged, 1)), Goal: f.Goal.String(),
	}
	if len(f.Peer) > 0 {
		r.Peer = number(Median(f.Peer)) + " " + f.Unit
	}
	switch m := Median(judged); f.Measure {
	case Ratio:
		r.Judged = number(m)
	case Difference:
		r.Judged = signed(m) + " " + f.Unit
	default:
		r.Judged = number(m) + " " + f.Unit
	}
	switch {
	case !f.Goal.Set():
		r.Verdict = "-"
	case f.Met():
		r.Verdict = "met"
	default:
		r.Verdict = "MISSED"
	}
	return r
}

// number writes three significant digits, and whole numbers above a hundred.
func number(x float64) string {
	if math.Abs(x) >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	text := strconv.FormatFloat(x, 'g', 3, 64)
	if strings.Contains(text, "e") {
		return strconv.FormatFloat(x, 'f', 4, 64)
	}
	return text
}

func signed(x float64) string {
	if x >= 0 {
		return "+" + number(x)
	}
	return number(x)
}

var columns = []string{"goal", "ours", "peer", "judged", "spread", "wanted", ""}

func (r Row) cells() []string {
	return []string{r.Name, r.Ours, r.Peer, r.Judged, r.Spread, r.Goal, r.Verdict}
}

// WriteText prints one line per figure, in columns.
func WriteText(w io.Writer, figures []Figure) error {
	columned := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columned, strings.Join(columns, "\t"))
	for _, f := range figures {
		fmt.Fprintln(columned, strings.Join(f.Row().cells(), "\t"))
	}
	return columned.Flush()
}

// WriteMarkdown writes the same as a table for a page, with what each figure is.
func WriteMarkdown(w io.Writer, figures []Figure) error {
	var b strings.Builder
	b.WriteString("| | ours | peer | judged | spread | goal | |\n|---|---|---|---|---|---|---|\n")
	for _, f := range figures {
		r := f.Row()
		r.Name = "**" + f.Name + "**: " + f.What
		if r.Verdict == "MISSED" {
			r.Verdict = "**missed**"
		}
		b.WriteString("| " + strings.Join(r.cells(), " | ") + " |\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
