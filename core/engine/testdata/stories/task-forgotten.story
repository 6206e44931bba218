# A human forgets a task: after three days the owners are told; done late, it is done all the same.

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
time is 2026-09-04 10:00
  Sep 4 09:00 usher failed 1 grant badge/holder: unknown (notDoneByHand) → delivering/delivering, for 120h0m0s from delivery
  Sep 4 09:00 usher state 1 → deliveryFailed/delivering, for 120h0m0s from delivery
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
      post failure card of 1 for olga
show ledger
  = request 1 userAdd of badge: deliveryFailed, for 120h0m0s from delivery
  = assignment 1 of badge: delivering, for 120h0m0s from delivery
  = outside: 
ben did grant:badge/holder
  Sep 4 10:00 ben role 1 grant badge/holder: present → deliveryFailed/delivering, for 120h0m0s from delivery
  Sep 4 10:00 ben window 1 → deliveryFailed/delivering, until 2026-09-09 10:00
  Sep 4 10:00 ben state 1 → delivered/active, until 2026-09-09 10:00
usher works
      redraw requestor card of 1 for mina
      redraw task card of 1 for ben
      redraw failure card of 1 for olga
      post ready card of 1 for mina
time is 2026-09-13 10:00
  Sep 8 10:00 usher endsSoon 1 → delivered/active, until 2026-09-09 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      post endsSoon card of 1 for mina
  Sep 9 10:00 usher submitted 2 → delivering/ending, until 2026-09-09 10:00
  Sep 9 10:00 usher state 1 → delivered/ending, until 2026-09-09 10:00
  Sep 9 10:00 usher started 1 revoke badge/holder: unknown → delivered/ending, until 2026-09-09 10:00
      revoke badge/holder (attempt 2)
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw endsSoon card of 1 for mina
      look up [ben]
      post task card of 1 for ben
  Sep 12 10:00 usher failed 1 revoke badge/holder: unknown (notDoneByHand) → delivered/ending, until 2026-09-09 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
show ledger
  = request 1 userAdd of badge: delivered, until 2026-09-09 10:00
  = request 2 systemRemove of badge: delivering, until 2026-09-09 10:00
  = assignment 1 of badge: ending, until 2026-09-09 10:00
  = outside: 
ben did revoke:badge/holder
  Sep 13 10:00 ben role 1 revoke badge/holder: absent → delivered/ending, until 2026-09-09 10:00
  Sep 13 10:00 ben state 2 → delivered/expired, until 2026-09-09 10:00
  Sep 13 10:00 ben state 1 → delivered/expired, until 2026-09-09 10:00
usher works
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw task card of 1 for ben
      post over card of 1 for mina
  Sep 13 10:00 usher archived 1 → delivered/expired, until 2026-09-09 10:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
