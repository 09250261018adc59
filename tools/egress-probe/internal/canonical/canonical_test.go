package canonical

import (
	"strings"
	"testing"
)

func TestOneFormWhateverTheSpelling(t *testing.T) {
	for text, want := range map[string]string{
		` { "b" : 1 , "a" : [ true , null , "x" ] } `: `{"a":[true,null,"x"],"b":1}`,
		`{"a":"\u0041<>&\u00e9"}`:                     `{"a":"A<>&é"}`,
		`[0,-7,9007199254740991]`:                     `[0,-7,9007199254740991]`,
	} {
		got, err := Encode([]byte(text))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
		again, err := Encode(got)
		if err != nil || string(again) != want {
			t.Errorf("%s is not stable: %s, %v", want, again, err)
		}
	}
}

func TestRefusesWhatTwoReadersCouldReadDifferently(t *testing.T) {
	for _, text := range []string{
		`{"a":1,"a":2}`, `{"a":1.0}`, `1e3`, `-0`, `01`, `{} {}`, `{"a":1`, `[1,]`, ``,
		`99999999999999999`, strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		if got, err := Encode([]byte(text)); err == nil {
			t.Errorf("%s was accepted as %s", text, got)
		}
	}
}
