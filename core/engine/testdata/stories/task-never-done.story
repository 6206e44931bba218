# A human never hands something out: asked anew there is a new card and new days; canceled, nothing is to be taken away.

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
max retries 1
  Sep 4 10:00 max retried 1 → delivering/delivering, for 120h0m0s from delivery
usher works
      look up [ben]
      redraw requestor card of 1 for mina
      redraw task card of 1 for ben
      redraw failure card of 1 for olga
      post task card of 1 for ben
time is 2026-09-08 10:00
  Sep 7 10:00 usher failed 1 grant badge/holder: unknown (notDoneByHand) → delivering/delivering, for 120h0m0s from delivery
  Sep 7 10:00 usher state 1 → deliveryFailed/delivering, for 120h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
max retries 1
  Sep 8 10:00 max retried 1 → delivering/delivering, for 120h0m0s from delivery
usher works
      look up [ben]
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw task card of 1 for ben
      post task card of 1 for ben
max cancels 1 "not needed"
  Sep 8 10:00 max state 1 "not needed" → canceled/delivering, for 120h0m0s from delivery
  Sep 8 10:00 max submitted 2 "not needed" → delivering/ending, for 120h0m0s from delivery
  Sep 8 10:00 max state 1 → canceled/ending, for 120h0m0s from delivery
  Sep 8 10:00 max state 2 → delivered/revoked, for 120h0m0s from delivery
  Sep 8 10:00 max state 1 → canceled/revoked, for 120h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw task card of 1 for ben
      post result card of 1 for mina
      post over card of 1 for mina
  Sep 8 10:00 usher archived 1 → canceled/revoked, for 120h0m0s from delivery
show ledger
  = archived: case 1 with 2 requests
  = outside: 
mina requests badge "again"
  Sep 8 10:00 mina submitted 3 "again" → pendingApproval, for 120h0m0s from delivery
  Sep 8 10:00 mina state 3 → approved, for 120h0m0s from delivery
  Sep 8 10:00 mina state 3 → delivering/delivering, for 120h0m0s from delivery
usher works
  Sep 8 10:00 usher started 3 grant badge/holder: unknown → delivering/delivering, for 120h0m0s from delivery
      grant badge/holder (attempt 1)
      post requestor card of 3 for mina
      look up [ben]
      post task card of 3 for ben
max cancels 3 "not needed"
  Sep 8 10:00 max state 3 "not needed" → canceled/delivering, for 120h0m0s from delivery
  Sep 8 10:00 max submitted 4 "not needed" → delivering/ending, for 120h0m0s from delivery
  Sep 8 10:00 max state 3 → canceled/ending, for 120h0m0s from delivery
  Sep 8 10:00 max state 4 → delivered/revoked, for 120h0m0s from delivery
  Sep 8 10:00 max state 3 → canceled/revoked, for 120h0m0s from delivery
ben did grant:badge/holder
  Sep 8 10:00 ben role 3 grant badge/holder: present → canceled/revoked, for 120h0m0s from delivery
usher works
  Sep 8 10:00 usher started 3 revoke badge/holder: unknown → canceled/revoked, for 120h0m0s from delivery
      revoke badge/holder (attempt 1)
      redraw requestor card of 3 for mina
      redraw task card of 3 for ben
      post result card of 3 for mina
      post over card of 3 for mina
      look up [ben]
      post task card of 3 for ben
ben did revoke:badge/holder
  Sep 8 10:00 ben role 3 revoke badge/holder: absent → canceled/revoked, for 120h0m0s from delivery
usher works
      redraw task card of 3 for ben
  Sep 8 10:00 usher archived 3 → canceled/revoked, for 120h0m0s from delivery
show ledger
  = archived: case 1 with 2 requests
  = archived: case 3 with 2 requests
  = outside: 
