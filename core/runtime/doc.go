// Package runtime is the shell around the engine: it owns the ports to the
// outside world and does what the engine decides.
//
// A person's command (Do) is one Load and one Commit when everything it needs
// is in memory:
//
//	Load    the account's record, the ledger, the settings
//	        (the settings' revision says whether the packages in memory are current)
//	Step    decides; a refusal to decide goes into the audit
//	Commit  ledger, wake-up, indexes, audit and archive, if the ledger, the
//	        settings and the packages still have the revisions that were read
//
// On ErrConflict it starts over with fresh state. When the store does not
// answer a Commit, the very same Change is sent again: its command id tells
// whether it was in.
//
// The worker (Run) does what the outside world is owed:
//
//	claim   a nudge right after a local commit, or the heartbeat
//	Tick    marks what is owed as started, and commits that
//	lanes   each effect then waits for a turn at its own connector, chat or
//	        directory, so that a slow one holds up nobody else
//	Done    results that are ready together share one commit, repeated until
//	        it is in
//
// Definitions (Apply) are written in one Commit that also writes the settings
// record. Its revision is therefore that of all definitions of a tenant.
package runtime
