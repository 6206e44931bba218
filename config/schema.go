package config

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of files of definitions, for editors. It is made of
// the shapes that ReadDefinitions decodes into, by a test that is run with
// -update. What it refuses ReadDefinitions refuses as well, except for other
// spellings of a few words ("shortText"); ReadDefinitions also checks ids,
// dates, lengths of time and references.
func Schema() []byte { return append([]byte(nil), schema...) }
