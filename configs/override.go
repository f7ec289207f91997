package configs

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const prefix = "SAMBUNG_"

var listIndex = regexp.MustCompile(`_(\d{1,3})_`)

// override applies the environment variables, see the package documentation.
func (l *loader) override(environ []string) {
	known := map[string]target{}
	targets(reflect.TypeFor[Config](), "SAMBUNG", "", known)
	set := overridesIn(environ)
	for _, o := range set {
		t, ok := known[o.pattern]
		l.places[o.name] = place{variable: o.name}
		if !ok {
			l.problem(o.name, "there is no such setting", suggest(o.name, variableNames(known, o.index)))
			continue
		}
		l.apply(o, t)
	}
}

// setting is one variable of the environment. Where it names an element of a
// list, index is its number and pattern has a # in its place.
type setting struct {
	name, value, pattern string
	index                int
}

// overridesIn picks the variables that are meant for us, lower indices first, so
// that elements are added in order.
func overridesIn(environ []string) []setting {
	var found []setting
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, prefix) || notOurs(name) {
			continue
		}
		s := setting{name: name, value: value, pattern: name}
		if m := listIndex.FindStringSubmatch(name); m != nil {
			s.index, _ = strconv.Atoi(m[1])
			s.pattern = strings.Replace(name, m[0], "_#_", 1)
		}
		found = append(found, s)
	}
	slices.SortStableFunc(found, func(a, b setting) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.name, b.name))
	})
	return found
}

// notOurs names the variables that belong to the command line and to the tests.
func notOurs(name string) bool {
	switch name {
	case "SAMBUNG_API", "SAMBUNG_TOKEN", "SAMBUNG_CACHE":
		return true
	}
	return strings.HasPrefix(name, "SAMBUNG_TEST_") || strings.HasPrefix(name, "SAMBUNG_REQUIRE_")
}

// target is a field that a variable sets: the way to it, and its key with a # for
// the number of an element.
type target struct {
	path []int // field numbers; -1 stands for the element
	key  string
}

// targets collects every field by the pattern of its variable.
func targets(t reflect.Type, name, key string, into map[string]target, path ...int) {
	for i := range t.NumField() {
		f := t.Field(i)
		k := f.Tag.Get("yaml")
		if f.Type == secretType {
			k = secretKey(f)
		}
		variable, child, way := name+"_"+strings.ToUpper(k), joinKey(key, k), append(slices.Clone(path), i)
		switch {
		case f.Type.Kind() == reflect.Struct && f.Type != secretType:
			targets(f.Type, variable, child, into, way...)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			targets(f.Type.Elem(), variable+"_#", child+"[#]", into, append(way, -1)...)
		default:
			into[variable] = target{path: way, key: child}
		}
	}
}

func variableNames(known map[string]target, index int) []string {
	names := make([]string, 0, len(known))
	for pattern := range known {
		names = append(names, strings.Replace(pattern, "#", strconv.Itoa(index), 1))
	}
	slices.Sort(names)
	return names
}

func (l *loader) apply(o setting, t target) {
	v := reflect.ValueOf(&l.config).Elem()
	for _, step := range t.path {
		switch {
		case step >= 0:
			v = v.Field(step)
		case o.index > v.Len():
			l.problem(o.name, fmt.Sprintf("there is no element %d", o.index), fmt.Sprintf("elements are numbered from 0; the next one is %d", v.Len()))
			return
		default:
			if o.index == v.Len() {
				appendElement(v)
			}
			v = v.Index(o.index)
		}
	}
	key := strings.Replace(t.key, "#", strconv.Itoa(o.index), 1)
	l.places[key] = place{variable: o.name}
	delete(l.bad, key)
	switch {
	case v.Type() == secretType:
		l.check(o.value != "", key, "the variable is empty", "give the secret, or unset the variable and use the file")
		v.Set(reflect.ValueOf(NewSecret(o.value)))
	case v.Kind() == reflect.Slice:
		v.Set(reflect.ValueOf(splitList(o.value)))
	default:
		if err := setScalar(v, o.value); err != nil {
			l.problem(key, fmt.Sprintf("%q is not understood", o.value), "write "+expected(v.Type()))
		}
	}
}

func splitList(text string) []string {
	var elements []string
	for element := range strings.SplitSeq(text, ",") {
		if element = strings.TrimSpace(element); element != "" {
			elements = append(elements, element)
		}
	}
	return elements
}
