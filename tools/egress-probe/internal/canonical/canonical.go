// Package canonical gives JSON its one form, so that a signature or a hash means the data and not the
// spelling: object keys sorted by code unit, no white space, whole numbers, no escapes but the needed ones.
package canonical

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// maxDepth keeps a hostile file from exhausting the stack.
const maxDepth = 32

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,15})$`)

// Encode returns the canonical form of a JSON text. Keys that occur twice are refused, since two readers
// could see different values; so are fractions, which have more than one spelling.
func Encode(text []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := read(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the JSON value")
	}
	return write(value)
}

// Marshal is Encode of a Go value.
func Marshal(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return Encode(text)
}

func read(decoder *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return readObject(decoder, depth)
	case json.Delim('['):
		return readList(decoder, depth)
	}
	if number, isNumber := token.(json.Number); isNumber && !wholeNumber.MatchString(number.String()) {
		return nil, fmt.Errorf("%s is not a whole number", number)
	}
	return token, nil
}

func readObject(decoder *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, isText := token.(string)
		if !isText {
			return nil, fmt.Errorf("%v is no key", token)
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("the key %q occurs twice", key)
		}
		if object[key], err = read(decoder, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}

func readList(decoder *json.Decoder, depth int) (any, error) {
	list := []any{}
	for decoder.More() {
		value, err := read(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := decoder.Token()
	return list, err
}

// The standard encoder sorts keys and writes no space; only its caution for web pages is turned off.
func write(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
