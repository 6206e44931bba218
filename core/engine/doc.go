// Package engine decides everything that happens to a person's ledger, and
// does nothing by itself: no clock, no I/O, no log.
//
//	Step(ledger, command, world) → the next ledger and its audit, or a refusal
//	Due(ledger, world, now)      → what the outside world still owes, and when to look again
//
// Every Step first applies what fell due by its time, in due order (elapse.go),
// then the command (one file a story), then what follows from it (settle).
// The state is the outbox: a card that is not drawn with the present face, a
// role that is not as the assignments say, a stage whose people are not looked
// up are owed, and Due finds them in the ledger; nothing is queued elsewhere.
//
// # Requests
//
//	            submit / extend                              assign
//	                   │                                        │
//	   no stages ┌─────┴──────┐ stages                          │
//	             │            ▼                                 │
//	             │     pendingApproval ──deny──▶ denied         │
//	             │      │ ▲      │ └──deadline, end passed──▶ timedOut
//	             │      └─┘      │ last stage passed            │
//	             │    next stage │                              │
//	             ▼               ▼                              ▼
//	          ┌──────────────── approved ─────────────────────────┐
//	          │ terms to accept            │ none, or accepted    │
//	          ▼                            │                      │
//	     pendingTerms ──accept────────────▶│                      │
//	          │ refuse ▶ withdrawn         ├─ later start ▶ scheduled
//	          │ 14 days ▶ timedOut         ▼                      │
//	          │                        delivering ◀───────────────┘
//	          │                            │
//	          │        ┌───────────────────┼──────────────────┐
//	          │        ▼                   ▼                  ▼
//	          │    delivered      partiallyDelivered    deliveryFailed
//	          │        ▲                   │  admin's retry   │
//	          │        └─────delivering◀───┴──────────────────┘
//	          │
//	withdraw (holder, asker) until delivery starts ▶ withdrawn
//	cancel (admin) until it is delivered           ▶ canceled
//
// An approved extension moves the end of its assignment and is delivered at
// once. A removal (userRemove, adminRemove, systemRemove) is delivering until
// the assignment is over, then delivered.
//
// # Assignments
//
//	scheduled ─start─▶ delivering ─first role present─▶ active ─┐
//	    │                  │          (the clock starts)        │ end, release, revoke,
//	    │ withdraw,        └── end, release, revoke, cancel ──┐ │ 14 days of failure
//	    │ cancel                                              ▼ ▼
//	    ▼                                                    ending ── everything it gave is gone,
//	 released, revoked                                        │        or still given by another
//	                                                          ▼
//	                                             expired, released, revoked
//
// # Resource roles
//
//	absent ─grant started─▶ unknown ─done─▶ verify ─▶ present
//	   ▲                       │ lost, late, failed ─▶ verify
//	   └── verify ◀─ unknown ◀─┴── revoke started ◀── present
//
// unknown counts as absent for giving and as present for taking away. A
// connector's word is verified after each grant and revoke; where it cannot
// see (verify answers unknown) its word has to do.
package engine
