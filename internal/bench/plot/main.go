// Command plot makes the chart of a benchmark's results, and puts their table
// into the page about them.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"sambung/internal/bench"
)

// The table stands in the page between these lines.
const (
	begin = "<!-- results: begin -->\n"
	end   = "<!-- results: end -->\n"
)

func main() {
	results := flag.String("results", "", "read the results from `file`")
	chart := flag.String("chart", "", "write the chart to `file`, SVG")
	page := flag.String("page", "", "put the table into `file`, Markdown")
	flag.Parse()
	if err := run(*results, *chart, *page); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func run(results, chart, page string) error {
	if results == "" {
		return errors.New("want -results, the file that BenchmarkGoals wrote")
	}
	r, err := bench.Read(results)
	if err != nil {
		return err
	}
	if err := bench.WriteText(os.Stdout, r.Figures); err != nil {
		return err
	}
	if chart != "" {
		var svg bytes.Buffer
		if err := bench.WriteChart(&svg, r); err != nil {
			return err
		}
		if err := os.WriteFile(chart, svg.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if page == "" {
		return nil
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	if text, err = insert(text, r); err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, text, 0o644)
}

// insert puts the table between the two marks of a page.
func insert(page []byte, r bench.Results) ([]byte, error) {
	before, rest, ok := bytes.Cut(page, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, fmt.Errorf("want the lines %q and %q, between which the table goes", begin, end)
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(begin)
	size := ""
	if r.Short {
		size = ", with smaller numbers than the goals ask for"
	}
	fmt.Fprintf(&b, "Measured on %s, %d cores, %s%s; load of the machine in the minute before: %.2f.\n\n",
		r.At.UTC().Format(time.DateOnly), r.Cores, r.Go, size, r.Load)
	if err := bench.WriteMarkdown(&b, r.Figures); err != nil {
		return nil, err
	}
	b.WriteString(end)
	b.Write(after)
	return b.Bytes(), nil
}
