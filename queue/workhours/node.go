package workhours

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFileSize is far above any real calendar file (4 KB) and bounds the parser.
const maxFileSize = 64 << 10

// document reads one YAML file strictly and keeps what is wrong with it. It walks
// the syntax tree instead of decoding into structs, because every problem is to be
// named with its line, and all of them at once.
type document struct {
	file     string
	problems []Problem
}

func (d *document) problem(line int, what, remedy string) {
	d.problems = append(d.problems, Problem{File: d.file, Line: line, What: what, Remedy: remedy})
}

// parse returns the file's single document, or nil when it has none.
func (d *document) parse(data []byte) ast.Node {
	if len(data) > maxFileSize {
		d.problem(0, fmt.Sprintf("the file has %d bytes", len(data)),
			fmt.Sprintf("keep it below %d: a year has about 25 holidays", maxFileSize))
		return nil
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		line, what := 0, err.Error()
		var at yaml.Error
		if errors.As(err, &at) {
			line, what = lineOf(at.GetToken().Position.Line), at.GetMessage()
		}
		d.problem(line, "not YAML: "+what, "correct the syntax; a key is written once, as in the example files")
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		d.problem(0, fmt.Sprintf("the file holds %d YAML documents with content, want one", count(file)),
			"start from the example file and remove separators (---)")
		return nil
	}
	return file.Docs[0].Body
}

func count(file *ast.File) (n int) {
	for _, doc := range file.Docs {
		if doc.Body != nil {
			n++
		}
	}
	return n
}

// fields returns the values of a mapping by key. Unknown keys are a problem each,
// and so are missing ones: known is "key" or, for one that may be absent, "key?".
func (d *document) fields(n ast.Node, subject string, known ...string) map[string]ast.Node {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		d.problem(line(n), fmt.Sprintf("%s is %s", subject, describe(n)), "write keys and values: "+keyList(known))
		return nil
	}
	values := make(map[string]ast.Node, len(mapping.Values))
	for _, entry := range mapping.Values {
		key := entry.Key.GetToken().Value
		if !slices.Contains(known, key) && !slices.Contains(known, key+"?") {
			d.problem(line(entry.Key), fmt.Sprintf("unknown key %q in %s", key, subject), suggest(key, known))
			continue
		}
		values[key] = entry.Value
	}
	for _, key := range known {
		if _, ok := values[key]; !ok && !strings.HasSuffix(key, "?") {
			d.problem(line(n), fmt.Sprintf("%s lacks the key %q", subject, key), "add it: "+keyList(known))
		}
	}
	return values
}

// list returns the elements of a sequence.
func (d *document) list(n ast.Node, subject, remedy string) []ast.Node {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.problem(line(n), fmt.Sprintf("%s is %s", subject, describe(n)), remedy)
		return nil
	}
	return seq.Values
}

// text returns a scalar as written. A nil node (a key that is absent) is "" without a problem.
func (d *document) text(n ast.Node, subject, remedy string) string {
	var s string
	switch n := n.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		s = n.GetToken().Value
	default:
		d.problem(line(n), fmt.Sprintf("%s is %s", subject, describe(n)), remedy)
		return ""
	}
	if s = strings.TrimSpace(s); s == "" {
		d.problem(line(n), subject+" is empty", remedy)
	}
	return s
}

// line is where a node begins; a mapping's own token is its first colon, which may
// stand on a later line than its first key.
func line(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return lineOf(n.GetToken().Position.Line)
}

func lineOf(n int) int { return max(n, 1) }

func describe(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "an anchor, alias or tag, which are not supported here"
	default:
		return "a " + strings.ToLower(n.Type().String())
	}
}
