# Somebody takes a role away by hand: the daily look finds it. The owners are told, and a retry puts it right; or, where
# the tenant chose so, Usher puts it right by itself.

ledger of mina
mina requests wiki ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 240h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 240h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-11 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
outside loses wiki/editor
time is 2026-09-02 10:00
  Sep 2 09:00 usher drifted 1 verify wiki/editor: absent → delivered/active, until 2026-09-11 09:00
  Sep 2 09:00 usher state 1 → partiallyDelivered/active, until 2026-09-11 09:00
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
      post failure card of 1 for olga
max retries 1
  Sep 2 10:00 max retried 1 → delivering/active, until 2026-09-11 09:00
usher works
  Sep 2 10:00 usher started 1 grant wiki/editor: unknown → delivering/active, until 2026-09-11 09:00
      grant wiki/editor (attempt 4)
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      verify wiki/editor (attempt 5)
  Sep 2 10:00 usher role 1 verify wiki/editor: present → delivering/active, until 2026-09-11 09:00
  Sep 2 10:00 usher state 1 → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-11 09:00
  = assignment 1 of wiki: active, until 2026-09-11 09:00
  = outside: site/reader, wiki/editor
usher restores it
outside loses wiki/editor
time is 2026-09-03 12:00
  Sep 3 10:00 usher role 1 verify wiki/editor: absent → delivered/active, until 2026-09-11 09:00
  Sep 3 10:00 usher started 1 grant wiki/editor: unknown → delivered/active, until 2026-09-11 09:00
      grant wiki/editor (attempt 7)
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      verify wiki/editor (attempt 8)
  Sep 3 10:00 usher role 1 verify wiki/editor: present → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-11 09:00
  = assignment 1 of wiki: active, until 2026-09-11 09:00
  = outside: site/reader, wiki/editor
