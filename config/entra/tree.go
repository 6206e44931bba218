package entra

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// Limits of a file.
const (
	MaxFile = 64 << 20 // bytes
	maxDeep = 60       // objects and lists within each other
)

// Source is one file. Name is what errors and the report call it.
type Source struct {
	Name string
	Data []byte
}

// tree is a JSON object. Numbers are json.Number.
type tree = map[string]any

// parser reads a file token by token, since a key that is given twice must not
// vanish.
type parser struct {
	*json.Decoder
	twice []string // paths
}

// parse reads the one JSON value of a file. Errors are a config.Report.
func parse(s Source) (value any, twice []string, err error) {
	if len(s.Data) > MaxFile {
		return nil, nil, config.Report{problem(s.Name, "", "fileTooBig", "max", MaxFile)}
	}
	if !utf8.Valid(s.Data) { // the decoder would take U+FFFD for what it is not
		return nil, nil, config.Report{problem(s.Name, "$", "badText")}
	}
	p := &parser{Decoder: json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(s.Data, []byte("\xef\xbb\xbf"))))}
	p.UseNumber()
	value, err = p.value("$", 0)
	if err == nil {
		if _, err = p.Token(); errors.Is(err, io.EOF) {
			return value, p.twice, nil
		}
		err = errors.New("something comes after the end of the JSON value")
	}
	return nil, nil, config.Report{problem(s.Name, "$", "fileSyntax", "message", fmt.Sprintf("%v, near byte %d", err, p.InputOffset()))}
}

func (p *parser) value(path string, deep int) (any, error) {
	if deep > maxDeep {
		return nil, fmt.Errorf("more than %d levels", maxDeep)
	}
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return p.object(path, deep)
	case json.Delim('['):
		return p.list(path, deep)
	}
	return token, nil
}

func (p *parser) object(path string, deep int) (any, error) {
	m := tree{}
	for p.More() {
		key, err := p.Token()
		if err != nil {
			return nil, err
		}
		name := key.(string) // between { and } the decoder gives nothing else
		if _, there := m[name]; there {
			p.twice = append(p.twice, path+"."+name)
		}
		if m[name], err = p.value(path+"."+name, deep+1); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return m, err
}

func (p *parser) list(path string, deep int) (any, error) {
	list := []any{}
	for p.More() {
		v, err := p.value(path+"["+strconv.Itoa(len(list))+"]", deep+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := p.Token()
	return list, err
}

// problem is something that is wrong at a JSON path of a file.
func problem(file, path, code string, data ...any) config.Problem {
	return config.Problem{Source: file, Err: access.Refuse(access.Invalid, code, data...).At(path)}
}

// plain brings a value that was made here into the form that parse reads.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		panic("entra: " + err.Error()) // trees hold nothing that has no JSON
	}
	value, _, err := parse(Source{Data: data})
	if err != nil {
		panic("entra: " + err.Error())
	}
	return value
}
