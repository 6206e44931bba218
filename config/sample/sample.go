// Package sample holds the definitions that the demo starts with: packages
// that show what Usher can do, for the five people of the playground.
package sample

import (
	_ "embed"
	"time"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/runtime"
)

// Name is what problems call the file.
const Name = "demo.yaml"

//go:embed demo.yaml
var demo []byte

// YAML is the file itself, to look at or to begin an own one with.
func YAML() []byte { return append([]byte(nil), demo...) }

// Definitions reads the samples. The package "contractor" ends 30 days after
// the day of now, so apply them once, to a store that is new: applied again on
// another day they would give that package another end.
func Definitions(now time.Time) (runtime.Definitions, error) {
	return config.ParseDefinitions(Name, demo, now, time.UTC)
}
