# A manager asks for a report; the target fits, and the manager may not approve. Somebody else may not ask.

ledger of mina
ada requests wiki ""
  refused: notOnBehalf (forbidden) at person map[package:Wiki]
max requests wiki "she needs it" for=24h
  Sep 1 09:00 max submitted 1 "she needs it" → pendingApproval, for 24h0m0s from delivery
  Sep 1 09:00 max state 1 → approved, for 24h0m0s from delivery
  Sep 1 09:00 max state 1 → delivering/delivering, for 24h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 24h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 24h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      post requestor card of 1 for max
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 24h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-02 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-02 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-02 09:00
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for max
      post ready card of 1 for mina
      post ready card of 1 for max
show ledger
  = request 1 onBehalfAdd of wiki: delivered, until 2026-09-02 09:00
  = assignment 1 of wiki: active, until 2026-09-02 09:00
  = outside: site/reader, wiki/editor
max withdraws 1
  refused: deliveryStarted (tooLate) map[]
mina releases 1
  Sep 1 09:00 mina submitted 2 → delivering/ending, until 2026-09-02 09:00
  Sep 1 09:00 mina state 1 → delivered/ending, until 2026-09-02 09:00
usher works
  Sep 1 09:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-02 09:00
  Sep 1 09:00 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-02 09:00
      revoke site/reader (attempt 3)
      revoke wiki/editor (attempt 3)
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for max
      verify site/reader (attempt 4)
  Sep 1 09:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-02 09:00
      verify wiki/editor (attempt 4)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-02 09:00
  Sep 1 09:00 usher state 2 → delivered/released, until 2026-09-02 09:00
  Sep 1 09:00 usher state 1 → delivered/released, until 2026-09-02 09:00
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for max
  Sep 1 09:00 usher archived 1 → delivered/released, until 2026-09-02 09:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
