# Everything is off from the delivery to after the end: neither of the two notices makes sense any more, the end does.

ledger of mina
mina requests wiki "" for=200h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 200h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 200h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 200h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 200h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 200h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 200h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-09 17:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-09 17:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-09 17:00
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
sleep until 2026-10-01 12:00
usher works
  Sep 9 17:00 usher submitted 2 → delivering/ending, until 2026-09-09 17:00
  Sep 9 17:00 usher state 1 → delivered/ending, until 2026-09-09 17:00
  Oct 1 12:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-09 17:00
  Oct 1 12:00 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-09 17:00
      revoke site/reader (attempt 3)
      revoke wiki/editor (attempt 3)
      redraw requestor card of 1 for mina
      verify site/reader (attempt 4)
  Oct 1 12:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-09 17:00
      verify wiki/editor (attempt 4)
  Oct 1 12:00 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-09 17:00
  Oct 1 12:00 usher state 2 → delivered/expired, until 2026-09-09 17:00
  Oct 1 12:00 usher state 1 → delivered/expired, until 2026-09-09 17:00
      redraw requestor card of 1 for mina
      post over card of 1 for mina
  Oct 1 12:00 usher archived 1 → delivered/expired, until 2026-09-09 17:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
