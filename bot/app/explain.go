package app

import (
	"errors"
	"fmt"
	"strings"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// definitionFile is one file of several that are applied together. Its own
// definitions begin at these places of the joined lists.
type definitionFile struct {
	*config.File
	from map[string]int
	to   map[string]int
}

func newDefinitionFile(f *config.File, before, after runtime.Definitions) definitionFile {
	return definitionFile{f, counts(before), counts(after)}
}

func counts(d runtime.Definitions) map[string]int {
	return map[string]int{"catalogs": len(d.Catalogs), "resources": len(d.Resources), "packages": len(d.Packages)}
}

// own rewrites the field of a problem of the joined definitions to what it is
// in this file; false when it is of another one.
func (f definitionFile) own(field string) (string, bool) {
	var list string
	var n int
	name, rest, indexed := strings.Cut(field, "[")
	if !indexed {
		return field, f.Definitions.Settings != nil && strings.HasPrefix(field, "settings")
	}
	list = name
	digits, tail, _ := strings.Cut(rest, "]")
	if _, err := fmt.Sscanf(digits, "%d", &n); err != nil || n < f.from[list] || n >= f.to[list] {
		return field, false
	}
	return fmt.Sprintf("%s[%d]%s", list, n-f.from[list], tail), true
}

// explain gives the problems of joined definitions their places in the files.
func explain(files []definitionFile, err error) error {
	problems, ok := access.AsProblems(err)
	if !ok {
		return err
	}
	var all config.Report
	for _, f := range files {
		var mine access.Problems
		for _, p := range problems {
			if field, ok := f.own(p.Field); ok {
				mine = append(mine, p.At(field))
			}
		}
		var report config.Report
		if len(mine) > 0 && errors.As(f.Explain(mine), &report) {
			all = append(all, report...)
		}
	}
	if len(all) == 0 {
		return err
	}
	return all
}

// inSentence is an error as (the rest of) a sentence: refusals of the core in
// English words, reports with their places.
func inSentence(err error) string {
	var report config.Report
	if errors.As(err, &report) {
		return report.Error()
	}
	if problems, ok := access.AsProblems(err); ok {
		var lines []string
		for _, p := range problems {
			lines = append(lines, config.Sentence(p))
		}
		return strings.Join(lines, " ")
	}
	return err.Error() + "."
}
