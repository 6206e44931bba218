# The reply to a grant is lost while an admin cancels: the access is found and taken away.

ledger of mina
mina requests wiki ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 240h0m0s from delivery
usher starts
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 240h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
resource is wiki/editor losing
max cancels 1 "wrong person"
  Sep 1 09:00 max state 1 "wrong person" → canceled/delivering, for 240h0m0s from delivery
  Sep 1 09:00 max submitted 2 "wrong person" → delivering/ending, for 240h0m0s from delivery
  Sep 1 09:00 max state 1 → canceled/ending, for 240h0m0s from delivery
usher works
      post result card of 1 for mina
time is 2026-09-01 09:05
  Sep 1 09:00 usher started 1 revoke site/reader: unknown → canceled/ending, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 revoke wiki/editor: unknown → canceled/ending, for 240h0m0s from delivery
      revoke site/reader (attempt 2)
      revoke wiki/editor (attempt 2)
  Sep 1 09:00 usher failed 1 revoke wiki/editor: unknown (replyLost) → canceled/ending, for 240h0m0s from delivery
      post requestor card of 1 for mina
      verify site/reader (attempt 3)
  Sep 1 09:00 usher role 1 verify site/reader: absent → canceled/ending, for 240h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for mina
      verify wiki/editor (attempt 3)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → canceled/ending, for 240h0m0s from delivery
  Sep 1 09:00 usher state 2 → delivered/revoked, for 240h0m0s from delivery
  Sep 1 09:00 usher state 1 → canceled/revoked, for 240h0m0s from delivery
      redraw requestor card of 1 for mina
      post over card of 1 for mina
  Sep 1 09:00 usher archived 1 → canceled/revoked, for 240h0m0s from delivery
show ledger
  = archived: case 1 with 2 requests
  = outside: 
