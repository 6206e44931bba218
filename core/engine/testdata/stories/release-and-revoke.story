# Give it back early, or have it taken away; revoked means revoked.

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
ada revokes 1
  refused: notAdmin (forbidden) map[]
mina releases 1 "done"
  Sep 1 09:00 mina submitted 2 "done" → delivering/ending, until 2026-09-11 09:00
  Sep 1 09:00 mina state 1 → delivered/ending, until 2026-09-11 09:00
usher works
  Sep 1 09:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-09-11 09:00
  Sep 1 09:00 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-11 09:00
      revoke site/reader (attempt 3)
      revoke wiki/editor (attempt 3)
      redraw requestor card of 1 for mina
      verify site/reader (attempt 4)
  Sep 1 09:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-09-11 09:00
      verify wiki/editor (attempt 4)
  Sep 1 09:00 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-11 09:00
  Sep 1 09:00 usher state 2 → delivered/released, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/released, until 2026-09-11 09:00
      redraw requestor card of 1 for mina
  Sep 1 09:00 usher archived 1 → delivered/released, until 2026-09-11 09:00
mina requests production ""
  Sep 1 09:00 mina submitted 3 → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 mina stageOpened 3 stage 1 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [group security]
  Sep 1 09:00 usher asked 3 stage 1 approvers [ada ben] → pendingApproval, for 480h0m0s from delivery
      post requestor card of 3 for mina
      redraw requestor card of 3 for mina
      post approver card of 3 for ada
      post approver card of 3 for ben
ada approves 3
  Sep 1 09:00 ada decided 3 stage 1 approve → pendingApproval, for 480h0m0s from delivery
ben approves 3
  Sep 1 09:00 ben decided 3 stage 1 approve → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 ben stageOpened 3 stage 2 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [catalogOwners]
  Sep 1 09:00 usher asked 3 stage 2 approvers [olga] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      post approver card of 3 for olga
olga approves 3
  Sep 1 09:00 olga decided 3 stage 2 approve → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 olga state 3 → approved, for 480h0m0s from delivery
  Sep 1 09:00 olga state 3 → delivering/delivering, for 480h0m0s from delivery
usher works
  Sep 1 09:00 usher started 3 grant prod/operator: unknown → delivering/delivering, for 480h0m0s from delivery
      grant prod/operator (attempt 1)
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw approver card of 3 for olga
      verify prod/operator (attempt 2)
  Sep 1 09:00 usher role 3 verify prod/operator: present → delivering/delivering, for 480h0m0s from delivery
  Sep 1 09:00 usher window 3 → delivering/delivering, until 2026-09-21 09:00
  Sep 1 09:00 usher state 3 → delivered/active, until 2026-09-21 09:00
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw approver card of 3 for olga
      post ready card of 3 for mina
ida revokes 3
  refused: notAdmin (forbidden) map[]
ada revokes 3 "incident"
  Sep 1 09:00 ada submitted 4 "incident" → delivering/ending, until 2026-09-21 09:00
  Sep 1 09:00 ada state 3 → delivered/ending, until 2026-09-21 09:00
usher works
  Sep 1 09:00 usher started 3 revoke prod/operator: unknown → delivered/ending, until 2026-09-21 09:00
      revoke prod/operator (attempt 3)
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw approver card of 3 for olga
      verify prod/operator (attempt 4)
  Sep 1 09:00 usher role 3 verify prod/operator: absent → delivered/ending, until 2026-09-21 09:00
  Sep 1 09:00 usher state 4 → delivered/revoked, until 2026-09-21 09:00
  Sep 1 09:00 usher state 3 → delivered/revoked, until 2026-09-21 09:00
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw approver card of 3 for olga
      post over card of 3 for mina
      post over card of 3 for ben
      post over card of 3 for olga
  Sep 1 09:00 usher archived 3 → delivered/revoked, until 2026-09-21 09:00
show ledger
  = archived: case 1 with 2 requests
  = archived: case 3 with 2 requests
  = outside: 
