package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// printJSON prints a value for programs.
func (c *cli) printJSON(v any) error {
	encoder := json.NewEncoder(c.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func (c *cli) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.stdout, format, args...)
	return err
}

// table prints rows in columns; the first row is the header. The lines of a text stay in
// the last column, and in others become one: nobody's text looks like a row of its own.
func (c *cli) table(rows [][]string) error {
	last := len(rows[0]) - 1
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i := range row[:last] {
			row[i] = strings.ReplaceAll(row[i], "\n", " ")
			widths[i] = max(widths[i], utf8.RuneCountInString(plain(row[i])))
		}
	}
	margin := 0
	for _, width := range widths[:last] {
		margin += width + 2
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i == last {
				line.WriteString(strings.ReplaceAll(cell, "\n", "\n"+strings.Repeat(" ", margin)))
				continue
			}
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(plain(cell))+2))
		}
		if _, err := io.WriteString(c.stdout, strings.TrimRight(line.String(), " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// Colours (ECMA-48), of one length so that plain can take them off.
const (
	red     = "\x1b[31m"
	green   = "\x1b[32m"
	yellow  = "\x1b[33m"
	noColor = "\x1b[39m"
)

// paint colours a text for a terminal, unless NO_COLOR (no-color.org) is set.
func (c *cli) paint(color, text string) string {
	if !c.terminal || c.getenv("NO_COLOR") != "" || c.getenv("TERM") == "dumb" || text == "" {
		return text
	}
	return color + text + noColor
}

func plain(cell string) string {
	return strings.NewReplacer(red, "", green, "", yellow, "", noColor, "").Replace(cell)
}

// clean drops control characters, so that no text from elsewhere steers the terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, text)
}

// moment prints a time in the local zone.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
