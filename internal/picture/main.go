// Command picture draws what a terminal showed last as an SVG, for the README:
// the typescript of script(1) comes by standard input, the picture goes to
// standard output. See scripts/make-picture.
package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// Sizes in pixels of a 13 px monospace font.
const (
	fontSize   = 13
	cellWidth  = 7.83
	lineHeight = 18
	margin     = 18
	titleBar   = 30
)

var (
	redrawn = regexp.MustCompile(`\x1b\[\d+A\x1b\[J`) // the demonstration draws its table anew
	colored = regexp.MustCompile(`\x1b\[(\d+)m`)
	token   = regexp.MustCompile(`SAMBUNG_TOKEN=\S+`)
)

// colors of the terminal, by their numbers in ECMA-48.
func color(code string) string {
	switch code {
	case "31":
		return "#ff7b72"
	case "32":
		return "#56d364"
	case "33":
		return "#e3b341"
	}
	return "#d0d7de"
}

func main() {
	typescript, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = draw(os.Stdout, lastScreen(string(typescript)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// lastScreen is the introduction with what was drawn last below it.
func lastScreen(typescript string) []string {
	text := strings.ReplaceAll(typescript, "\r", "")
	_, text, _ = strings.Cut(text, "\n") // what script itself says
	if i := strings.LastIndex(text, "\nScript done"); i >= 0 {
		text = text[:i]
	}
	frames := redrawn.Split(text, -1)
	introduction, _, _ := strings.Cut(frames[0], "\n\n")
	introduction = token.ReplaceAllString(introduction, "SAMBUNG_TOKEN=...")
	screen := introduction + "\n\n" + strings.TrimRight(strings.ReplaceAll(frames[len(frames)-1], "^C", ""), "\n")
	return strings.Split(screen, "\n")
}

// draw writes the picture.
func draw(w io.Writer, lines []string) error {
	widest := 0
	for _, line := range lines {
		widest = max(widest, len(colored.ReplaceAllString(line, "")))
	}
	width, height := int(float64(widest)*cellWidth)+2*margin, len(lines)*lineHeight+titleBar+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="sambung demo in a terminal">
<rect width="100%%" height="100%%" rx="8" fill="#0d1117" stroke="#57606a"/>
<g fill="#57606a"><circle cx="20" cy="16" r="5"/><circle cx="38" cy="16" r="5"/><circle cx="56" cy="16" r="5"/></g>
<text font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="%d" xml:space="preserve">
`, width, height, width, height, fontSize)
	for i, line := range lines {
		fmt.Fprintf(&b, `<tspan x="%d" y="%d">%s</tspan>`+"\n", margin, titleBar+(i+1)*lineHeight-4, spans(line))
	}
	b.WriteString("</text>\n</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// spans are the pieces of a line, each in its color.
func spans(line string) string {
	var b strings.Builder
	code, at := "39", 0
	piece := func(text string) {
		if text == "" {
			return
		}
		fmt.Fprintf(&b, `<tspan fill="%s">`, color(code))
		_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
		b.WriteString("</tspan>")
	}
	for _, m := range colored.FindAllStringSubmatchIndex(line, -1) {
		piece(line[at:m[0]])
		code, at = line[m[2]:m[3]], m[1]
	}
	piece(line[at:])
	return b.String()
}
