package entra

// Report says what became of everything that was in the files.
type Report struct {
	Objects     int // that were read
	Represented int // properties that Usher says itself
	// Kept are properties that are stored and not yet acted on, Ignored is what
	// is neither, with the reason, Notes is what to know of the rest.
	Kept, Ignored, Notes []Remark
	// People and Groups are the places that name an object id which the map
	// does not know.
	People, Groups map[string][]string
}

// Remark is about a place in a file.
type Remark struct {
	File, Path string
	Says       string // a sentence, or the name of a property
}

func (r *Report) keep(n node, property string) {
	r.Kept = append(r.Kept, Remark{n.file, n.path, property})
}

func (r *Report) ignore(n node, why string) {
	r.Ignored = append(r.Ignored, Remark{n.file, n.path, why})
}

func (r *Report) note(n node, says string) {
	r.Notes = append(r.Notes, Remark{n.file, n.path, says})
}

// missing notes an object id that the map does not know.
func missing(list map[string][]string, id string, n node) {
	place := n.file + " " + n.path
	if what := n.text("description"); what != "" {
		place += " (" + what + ")"
	}
	list[id] = append(list[id], place)
}
