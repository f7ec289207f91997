package configs

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readFile decodes the YAML document into the configuration. It walks the syntax
// tree, so that every problem has its place, and all come at once.
func (l *loader) readFile(data []byte) {
	if len(data) > maxFileSize {
		l.problem("", fmt.Sprintf("the file is larger than %d bytes", maxFileSize), "give the configuration, not something else")
		return
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		l.syntaxProblem(err)
		return
	}
	bodies := make([]ast.Node, 0, 1)
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
	case 1:
		l.decode(reflect.ValueOf(&l.config).Elem(), bodies[0], "")
	default:
		l.problem("", "the file holds more than one YAML document", "keep one and remove the separators (---)")
	}
}

func (l *loader) syntaxProblem(err error) {
	what := err.Error()
	if at := yaml.Error(nil); errors.As(err, &at) {
		what = at.GetMessage() // without the source lines, which Error would quote
		if token := at.GetToken(); token != nil && token.Position != nil {
			l.places[""] = place{line: token.Position.Line, column: token.Position.Column}
		}
	}
	l.problem("", "not YAML: "+what, "correct the syntax; a key is written once, and indented with spaces")
}

func (l *loader) decode(v reflect.Value, n ast.Node, key string) {
	switch {
	case v.Kind() == reflect.Struct:
		l.decodeSection(v, n, key)
	case v.Kind() == reflect.Slice:
		l.decodeList(v, n, key)
	default:
		text, ok := scalar(n)
		if !ok {
			l.problem(key, "is "+describe(n), "write "+expected(v.Type()))
			return
		}
		if err := setScalar(v, text); err != nil {
			l.problem(key, fmt.Sprintf("%q is not understood", text), "write "+expected(v.Type()))
		}
	}
}

func (l *loader) decodeSection(v reflect.Value, n ast.Node, key string) {
	if _, empty := n.(*ast.NullNode); empty {
		return // every key of it is left out
	}
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		l.problem(key, "is "+describe(n), "write keys and values: "+strings.Join(keysOf(v.Type()), ", "))
		return
	}
	for _, entry := range mapping.Values {
		name := entry.Key.GetToken().Value
		child := joinKey(key, name)
		l.places[child] = placeOf(entry.Key)
		field, known := fieldByKey(v, name)
		switch {
		case known:
			l.decode(field, entry.Value, child)
		case inlineSecret(v.Type(), name):
			l.problem(child, "a secret does not belong in this file",
				fmt.Sprintf("put it into a file of its own, and that file's path here as %s_file", name))
		default:
			l.problem(child, "unknown key", suggest(name, keysOf(v.Type())))
		}
	}
}

func (l *loader) decodeList(v reflect.Value, n ast.Node, key string) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		l.problem(key, "is "+describe(n), "write a list, each element on a line of its own after a dash")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(sequence.Values)))
	for i, element := range sequence.Values {
		child := key + "[" + strconv.Itoa(i) + "]"
		l.places[child] = placeOf(element)
		appendElement(v)
		l.decode(v.Index(i), element, child)
	}
}

// scalar returns a value as it is written. A key without a value is not one.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// placeOf is where a node begins; a mapping's own token is its first colon.
func placeOf(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return place{}
	}
	at := n.GetToken().Position
	return place{line: at.Line, column: at.Column}
}

func describe(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "without a value"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a section"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "an anchor, alias or tag, which are not supported here"
	default:
		return "a single value"
	}
}
