# A connector that is down: tried with back-off, failed for good, retried, and then ended; a removal that fails is
# tried on until it is confirmed.

ledger of mina
resource is wiki/editor failing
resource is site/reader failing
mina requests wiki "" for=48h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 48h0m0s from delivery
time is 2026-09-01 10:00
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 48h0m0s from delivery
      grant site/reader (attempt 1)
  Sep 1 09:00 usher failed 1 grant site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      grant wiki/editor (attempt 1)
  Sep 1 09:00 usher failed 1 grant wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      post requestor card of 1 for mina
      redraw requestor card of 1 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 3)
  Sep 1 09:00 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 3)
  Sep 1 09:00 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 4)
  Sep 1 09:01 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 4)
  Sep 1 09:01 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 5)
  Sep 1 09:02 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 5)
  Sep 1 09:02 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 6)
  Sep 1 09:05 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 6)
  Sep 1 09:05 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 7)
  Sep 1 09:10 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 7)
  Sep 1 09:10 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify site/reader (attempt 8)
  Sep 1 09:21 usher failed 1 verify site/reader: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 8)
  Sep 1 09:21 usher failed 1 verify wiki/editor: unknown (unreachable) → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:21 usher state 1 → deliveryFailed/delivering, for 48h0m0s from delivery
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
      post failure card of 1 for olga
show ledger
  = request 1 userAdd of wiki: deliveryFailed, for 48h0m0s from delivery
  = assignment 1 of wiki: delivering, for 48h0m0s from delivery
  = outside: 
resource is wiki/editor fine
resource is site/reader fine
max retries 1
  Sep 1 10:00 max retried 1 → delivering/delivering, for 48h0m0s from delivery
usher works
      verify site/reader (attempt 9)
  Sep 1 10:00 usher role 1 verify site/reader: absent → delivering/delivering, for 48h0m0s from delivery
      verify wiki/editor (attempt 9)
  Sep 1 10:00 usher role 1 verify wiki/editor: absent → delivering/delivering, for 48h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
  Sep 1 10:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 48h0m0s from delivery
  Sep 1 10:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 48h0m0s from delivery
      grant site/reader (attempt 10)
      grant wiki/editor (attempt 10)
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      verify site/reader (attempt 11)
  Sep 1 10:00 usher role 1 verify site/reader: present → delivering/delivering, for 48h0m0s from delivery
  Sep 1 10:00 usher window 1 → delivering/delivering, until 2026-09-03 10:00
      verify wiki/editor (attempt 11)
  Sep 1 10:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-03 10:00
  Sep 1 10:00 usher state 1 → delivered/active, until 2026-09-03 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      post ready card of 1 for mina
resource is wiki/editor failing
time is 2026-09-03 12:00
  Sep 2 10:00 usher endsSoon 1 → delivered/active, until 2026-09-03 10:00
  Sep 2 10:00 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      post endsSoon card of 1 for mina
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
  Sep 2 10:00 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:00 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:01 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:02 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:05 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:10 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:21 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 10:42 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 11:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 12:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 13:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 14:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 15:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 16:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 17:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 18:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 19:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 20:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 21:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 22:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 2 23:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 00:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 01:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 02:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 03:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 04:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 05:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 06:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 07:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 08:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 09:25 usher failed 1 verify wiki/editor: present (unreachable) → delivered/active, until 2026-09-03 10:00
  Sep 3 10:00 usher submitted 2 → delivering/ending, until 2026-09-03 10:00
  Sep 3 10:00 usher state 1 → delivered/ending, until 2026-09-03 10:00
  Sep 3 10:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-03 10:00
      revoke site/reader (attempt 13)
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      redraw endsSoon card of 1 for mina
      verify site/reader (attempt 14)
  Sep 3 10:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-03 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
  Sep 3 10:25 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-03 10:00
      revoke wiki/editor (attempt 44)
  Sep 3 10:25 usher failed 1 revoke wiki/editor: unknown (unreachable) → delivered/ending, until 2026-09-03 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      verify wiki/editor (attempt 45)
  Sep 3 11:25 usher failed 1 verify wiki/editor: unknown (unreachable) → delivered/ending, until 2026-09-03 10:00
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-03 10:00
  = request 2 systemRemove of wiki: delivering, until 2026-09-03 10:00
  = assignment 1 of wiki: ending, until 2026-09-03 10:00
  = outside: wiki/editor
resource is wiki/editor fine
time is 2026-09-03 14:00
  Sep 3 12:25 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-03 10:00
      revoke wiki/editor (attempt 46)
      verify wiki/editor (attempt 47)
  Sep 3 12:25 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-03 10:00
  Sep 3 12:25 usher state 2 → delivered/expired, until 2026-09-03 10:00
  Sep 3 12:25 usher state 1 → delivered/expired, until 2026-09-03 10:00
      redraw requestor card of 1 for mina
      redraw failure card of 1 for olga
      post over card of 1 for mina
  Sep 3 12:25 usher archived 1 → delivered/expired, until 2026-09-03 10:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
