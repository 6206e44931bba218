# What a package contains can change, even while a delivery is in flight: holders follow.

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
package gives wiki site/reader,forum/member
usher works
  Sep 1 09:00 usher followed 1 → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 grant forum/member: unknown → delivering/delivering, for 240h0m0s from delivery
      grant forum/member (attempt 1)
      verify forum/member (attempt 2)
  Sep 1 09:00 usher role 1 verify forum/member: present → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-11 09:00
time is 2026-09-01 09:05
  Sep 1 09:00 usher started 1 revoke wiki/editor: unknown → delivering/delivering, until 2026-09-11 09:00
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: absent → delivering/delivering, until 2026-09-11 09:00
      revoke wiki/editor (attempt 2)
      post requestor card of 1 for mina
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, until 2026-09-11 09:00
      grant site/reader (attempt 3)
      verify wiki/editor (attempt 3)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivering/delivering, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      verify site/reader (attempt 4)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-11 09:00
  = assignment 1 of wiki: active, until 2026-09-11 09:00
  = outside: forum/member, site/reader
