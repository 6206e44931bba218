# An admin assigns directly, never to themselves; the holder still accepts the terms.

max assigns contractor "starts on Monday" 2026-09-15
  Sep 1 09:00 max submitted 1 "starts on Monday" → approved, until 2026-09-15 00:00
  Sep 1 09:00 max state 1 → approved, until 2026-09-15 00:00
  Sep 1 09:00 max state 1 → pendingTerms, until 2026-09-15 00:00
ada assigns contractor
  refused: notAdmin (forbidden) map[]
usher works
      post requestor card of 1 for carla
      post result card of 1 for carla
      post result card of 1 for max
carla accepts 1
  Sep 1 09:00 carla termsAccepted 1 → pendingTerms, until 2026-09-15 00:00
  Sep 1 09:00 carla state 1 → delivering/delivering, until 2026-09-15 00:00
usher works
  Sep 1 09:00 usher started 1 grant chat/guest: unknown → delivering/delivering, until 2026-09-15 00:00
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, until 2026-09-15 00:00
  Sep 1 09:00 usher started 1 grant team/member: unknown → delivering/delivering, until 2026-09-15 00:00
      grant chat/guest (attempt 1)
      grant site/reader (attempt 1)
      grant team/member (attempt 1)
      redraw requestor card of 1 for carla
      redraw result card of 1 for carla
      redraw result card of 1 for max
      verify chat/guest (attempt 2)
  Sep 1 09:00 usher role 1 verify chat/guest: present → delivering/delivering, until 2026-09-15 00:00
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-15 00:00
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, until 2026-09-15 00:00
      verify team/member (attempt 2)
  Sep 1 09:00 usher role 1 verify team/member: present → delivering/delivering, until 2026-09-15 00:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-15 00:00
      redraw requestor card of 1 for carla
      post ready card of 1 for carla
      post ready card of 1 for max
show ledger
  = request 1 adminAdd of contractor: delivered, until 2026-09-15 00:00
  = assignment 1 of contractor: active, until 2026-09-15 00:00
  = outside: chat/guest, site/reader, team/member
ledger of max
max assigns wiki
  refused: selfAssign (forbidden) map[]
