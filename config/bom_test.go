package config

import (
	"testing"
	"time"
)

func TestAByteOrderMarkIsNoPartOfAFile(t *testing.T) {
	t.Parallel()
	d, err := ParseDefinitions("x.yaml", []byte("\xef\xbb\xbfcatalogs:\n  - {id: a, name: A}\n"), monday(), time.UTC)
	if err != nil || len(d.Catalogs) != 1 {
		t.Errorf("got %+v, %v", d, err)
	}
	var m struct {
		People map[string]string `yaml:"people"`
	}
	if _, err := Decode("m.yaml", []byte("\xef\xbb\xbfpeople: {a: b}"), &m); err != nil || m.People["a"] != "b" {
		t.Errorf("got %v, %v", m, err)
	}
}
