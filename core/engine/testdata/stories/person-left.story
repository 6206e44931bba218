# Somebody leaves: what they hold is taken away, what they asked for ends.

ledger of mina
mina requests wiki ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 240h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 240h0m0s from delivery
mina requests production ""
  Sep 1 09:00 mina submitted 2 → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 mina stageOpened 2 stage 1 → pendingApproval, for 480h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 240h0m0s from delivery
      look up [group security]
  Sep 1 09:00 usher asked 2 stage 1 approvers [ada ben] → pendingApproval, for 480h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      post requestor card of 2 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-11 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 2 for mina
      post approver card of 2 for ada
      post approver card of 2 for ben
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
usher left x
  Sep 1 09:00 usher left 2 (personLeft) → canceled, for 480h0m0s from delivery
  Sep 1 09:00 usher submitted 3 → delivering/ending, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/ending, until 2026-09-11 09:00
usher works
  Sep 1 09:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-11 09:00
  Sep 1 09:00 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-11 09:00
      revoke site/reader (attempt 3)
      revoke wiki/editor (attempt 3)
      redraw requestor card of 1 for mina
      redraw requestor card of 2 for mina
      redraw approver card of 2 for ada
      redraw approver card of 2 for ben
  Sep 1 09:00 usher archived 2 → canceled, for 480h0m0s from delivery
      verify site/reader (attempt 4)
  Sep 1 09:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-11 09:00
      verify wiki/editor (attempt 4)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-11 09:00
  Sep 1 09:00 usher state 3 → delivered/revoked, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/revoked, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
      post over card of 1 for mina
  Sep 1 09:00 usher archived 1 → delivered/revoked, until 2026-09-11 09:00
show ledger
  = archived: case 2 with 1 requests
  = archived: case 1 with 2 requests
  = outside: 
