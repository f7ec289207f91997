package configs

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

var (
	durationType = reflect.TypeFor[time.Duration]()
	bytesType    = reflect.TypeFor[Bytes]()
	secretType   = reflect.TypeFor[Secret]()
)

// keysOf lists the keys of a section as they stand in the file.
func keysOf(t reflect.Type) []string {
	keys := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func fieldByKey(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag == key && tag != "-" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// secretKey is the key of a secret: that of its file, without _file.
func secretKey(f reflect.StructField) string { return strings.TrimSuffix(f.Tag.Get("file"), "_file") }

func inlineSecret(t reflect.Type, key string) bool {
	for i := range t.NumField() {
		if f := t.Field(i); f.Type == secretType && secretKey(f) == key {
			return true
		}
	}
	return false
}

// appendElement adds an element with its defaults to a list.
func appendElement(list reflect.Value) {
	element := reflect.New(list.Type().Elem()).Elem()
	if element.Type() == reflect.TypeFor[Switch]() {
		element.Set(reflect.ValueOf(defaultSwitch()))
	}
	list.Set(reflect.Append(list, element))
}

func joinKey(section, key string) string {
	if section == "" {
		return key
	}
	return section + "." + key
}

// setScalar reads a text into a field by the field's type.
func setScalar(v reflect.Value, text string) error {
	switch {
	case v.Type() == durationType:
		d, err := time.ParseDuration(text)
		v.SetInt(int64(d))
		return err
	case v.Type() == bytesType:
		b, err := parseBytes(text)
		v.SetInt(int64(b))
		return err
	case v.Kind() == reflect.String:
		v.SetString(text)
		return nil
	case v.Kind() == reflect.Int:
		n, err := strconv.ParseInt(text, 10, 32)
		v.SetInt(n)
		return err
	case v.Kind() == reflect.Bool && (text == "true" || text == "false"):
		v.SetBool(text == "true")
		return nil
	}
	return fmt.Errorf("%q is not a %s", text, v.Type())
}

// expected says what a value of a type looks like.
func expected(t reflect.Type) string {
	switch {
	case t == durationType:
		return "a duration such as 90s, 5m or 1h30m"
	case t == bytesType:
		return "a size such as 1048576, 512MiB or 10GiB"
	case t.Kind() == reflect.Int:
		return "a whole number"
	case t.Kind() == reflect.Bool:
		return "true or false"
	default:
		return "a text, in quotes"
	}
}
