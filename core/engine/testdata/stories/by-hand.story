# A human gives and takes a badge.

ledger of mina
mina requests badge ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 120h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 120h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 120h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant badge/holder: unknown → delivering/delivering, for 120h0m0s from delivery
      grant badge/holder (attempt 1)
      post requestor card of 1 for mina
      look up [ben]
      post task card of 1 for ben
ada did grant:badge/holder
  refused: notYourTask (forbidden) map[]
ben did grant:badge/holder
  Sep 1 09:00 ben role 1 grant badge/holder: present → delivering/delivering, for 120h0m0s from delivery
  Sep 1 09:00 ben window 1 → delivering/delivering, until 2026-09-06 09:00
  Sep 1 09:00 ben state 1 → delivered/active, until 2026-09-06 09:00
usher works
      redraw requestor card of 1 for mina
      redraw task card of 1 for ben
      post ready card of 1 for mina
show ledger
  = request 1 userAdd of badge: delivered, until 2026-09-06 09:00
  = assignment 1 of badge: active, until 2026-09-06 09:00
  = outside: 
time is 2026-09-06 09:00
  Sep 5 09:00 usher endsSoon 1 → delivered/active, until 2026-09-06 09:00
      redraw requestor card of 1 for mina
      post endsSoon card of 1 for mina
  Sep 6 09:00 usher submitted 2 → delivering/ending, until 2026-09-06 09:00
  Sep 6 09:00 usher state 1 → delivered/ending, until 2026-09-06 09:00
  Sep 6 09:00 usher started 1 revoke badge/holder: unknown → delivered/ending, until 2026-09-06 09:00
      revoke badge/holder (attempt 2)
      redraw requestor card of 1 for mina
      redraw endsSoon card of 1 for mina
      look up [ben]
      post task card of 1 for ben
ben cannot revoke:badge/holder
  refused: reasonRequired (invalid) at reason map[]
ben cannot revoke:badge/holder "she is on holiday"
  Sep 6 09:00 ben role 1 revoke badge/holder: present "she is on holiday" (cannotByHand) → delivered/ending, until 2026-09-06 09:00
usher works
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      redraw task card of 1 for ben
      post failure card of 1 for olga
time is 2026-09-07 10:00
  Sep 7 09:00 usher started 1 revoke badge/holder: unknown → delivered/ending, until 2026-09-06 09:00
      revoke badge/holder (attempt 3)
      look up [ben]
      post task card of 1 for ben
ben did revoke:badge/holder
  Sep 7 10:00 ben role 1 revoke badge/holder: absent → delivered/ending, until 2026-09-06 09:00
  Sep 7 10:00 ben state 2 → delivered/expired, until 2026-09-06 09:00
  Sep 7 10:00 ben state 1 → delivered/expired, until 2026-09-06 09:00
usher works
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw task card of 1 for ben
      post over card of 1 for mina
  Sep 7 10:00 usher archived 1 → delivered/expired, until 2026-09-06 09:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
