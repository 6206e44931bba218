# A connector that says done and does nothing is not believed.

ledger of mina
resource is wiki/editor lying
mina requests wiki "" for=48h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 48h0m0s from delivery
time is 2026-09-01 11:00
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 48h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-03 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 3)
      verify wiki/editor (attempt 4)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 5)
      verify wiki/editor (attempt 6)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:01 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 7)
      verify wiki/editor (attempt 8)
  Sep 1 09:01 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:02 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 9)
      verify wiki/editor (attempt 10)
  Sep 1 09:02 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:05 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 11)
      verify wiki/editor (attempt 12)
  Sep 1 09:05 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:10 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 13)
      verify wiki/editor (attempt 14)
  Sep 1 09:10 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:21 usher started 1 grant wiki/editor: unknown → delivering/delivering, until 2026-09-03 09:00
      grant wiki/editor (attempt 15)
      verify wiki/editor (attempt 16)
  Sep 1 09:21 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-03 09:00
  Sep 1 09:21 usher state 1 → partiallyDelivered/active, until 2026-09-03 09:00
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
      post failure card of 1 for olga
show ledger
  = request 1 userAdd of wiki: partiallyDelivered, until 2026-09-03 09:00
  = assignment 1 of wiki: active, until 2026-09-03 09:00
  = outside: site/reader
