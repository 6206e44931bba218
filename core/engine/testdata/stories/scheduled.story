# A later start: the clock runs from the start, not from the approval.

ledger of mina
mina requests production "" start=2026-09-10 for=48h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, for 48h0m0s from delivery
usher works
      look up [group security]
  Sep 1 09:00 usher asked 1 stage 1 approvers [ada ben] → pendingApproval, for 48h0m0s from delivery
      post requestor card of 1 for mina
      redraw requestor card of 1 for mina
      post approver card of 1 for ada
      post approver card of 1 for ben
ada approves 1
  Sep 1 09:00 ada decided 1 stage 1 approve → pendingApproval, for 48h0m0s from delivery
ben approves 1
  Sep 1 09:00 ben decided 1 stage 1 approve → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 ben stageOpened 1 stage 2 → pendingApproval, for 48h0m0s from delivery
usher works
      look up [catalogOwners]
  Sep 1 09:00 usher asked 1 stage 2 approvers [olga] → pendingApproval, for 48h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post approver card of 1 for olga
olga approves 1
  Sep 1 09:00 olga decided 1 stage 2 approve → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 olga state 1 → approved, for 48h0m0s from delivery
  Sep 1 09:00 olga state 1 → scheduled/scheduled, for 48h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post result card of 1 for mina
show ledger
  = request 1 userAdd of production: scheduled, for 48h0m0s from delivery
  = assignment 1 of production: scheduled, for 48h0m0s from delivery
  = outside: 
time is 2026-09-10 00:00
  Sep 10 00:00 usher state 1 → delivering/delivering, for 48h0m0s from delivery
  Sep 10 00:00 usher started 1 grant prod/operator: unknown → delivering/delivering, for 48h0m0s from delivery
      grant prod/operator (attempt 1)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      verify prod/operator (attempt 2)
  Sep 10 00:00 usher role 1 verify prod/operator: present → delivering/delivering, for 48h0m0s from delivery
  Sep 10 00:00 usher window 1 → delivering/delivering, until 2026-09-12 00:00
  Sep 10 00:00 usher state 1 → delivered/active, until 2026-09-12 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post ready card of 1 for mina
show ledger
  = request 1 userAdd of production: delivered, until 2026-09-12 00:00
  = assignment 1 of production: active, until 2026-09-12 00:00
  = outside: prod/operator
time is 2026-09-12 00:00
  Sep 11 00:00 usher endsSoon 1 → delivered/active, until 2026-09-12 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post endsSoon card of 1 for mina
  Sep 12 00:00 usher submitted 2 → delivering/ending, until 2026-09-12 00:00
  Sep 12 00:00 usher state 1 → delivered/ending, until 2026-09-12 00:00
  Sep 12 00:00 usher started 1 revoke prod/operator: unknown → delivered/ending, until 2026-09-12 00:00
      revoke prod/operator (attempt 4)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      redraw endsSoon card of 1 for mina
      verify prod/operator (attempt 5)
  Sep 12 00:00 usher role 1 verify prod/operator: absent → delivered/ending, until 2026-09-12 00:00
  Sep 12 00:00 usher state 2 → delivered/expired, until 2026-09-12 00:00
  Sep 12 00:00 usher state 1 → delivered/expired, until 2026-09-12 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post over card of 1 for mina
      post over card of 1 for ada
      post over card of 1 for ben
      post over card of 1 for olga
  Sep 12 00:00 usher archived 1 → delivered/expired, until 2026-09-12 00:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
