# A role that was there before Usher is left alone at the end, and the owners are told.

ledger of mina
outside has wiki/editor
mina requests wiki "" for=48h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 48h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 48h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-03 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-03 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
time is 2026-09-03 10:00
  Sep 2 09:00 usher endsSoon 1 → delivered/active, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
      post endsSoon card of 1 for mina
  Sep 3 09:00 usher submitted 2 → delivering/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher state 1 → delivered/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-03 09:00
      look up [catalogOwners]
      revoke site/reader (attempt 4)
      redraw requestor card of 1 for mina
      redraw endsSoon card of 1 for mina
      verify site/reader (attempt 5)
  Sep 3 09:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher state 2 → delivered/expired, until 2026-09-03 09:00
  Sep 3 09:00 usher state 1 → delivered/expired, until 2026-09-03 09:00
      post left card of 1 for olga
      redraw requestor card of 1 for mina
      post over card of 1 for mina
  Sep 3 09:00 usher archived 1 → delivered/expired, until 2026-09-03 09:00
show ledger
  = archived: case 1 with 2 requests
  = outside: wiki/editor
