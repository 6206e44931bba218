package desk

// The steps of making a package, in the order in which they are asked.
const (
	stepName   = 1 + iota // what it is called
	stepGives             // what it gives
	stepWho               // who may ask
	stepStages            // who decides
	stepLife              // how long it lasts
	stepAsked             // what is asked
	stepTerms             // what has to be accepted
	stepReady             // all were asked
)
