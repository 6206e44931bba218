# Extended without a gap; the old end passes and nothing is taken away. A second extension is undecided at the end
# and times out with it.

ledger of mina
mina requests production "" for=48h
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
  Sep 1 09:00 olga state 1 → delivering/delivering, for 48h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant prod/operator: unknown → delivering/delivering, for 48h0m0s from delivery
      grant prod/operator (attempt 1)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      verify prod/operator (attempt 2)
  Sep 1 09:00 usher role 1 verify prod/operator: present → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-03 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post ready card of 1 for mina
mina extends 1 "" 2026-09-08
  Sep 1 09:00 mina submitted 2 → pendingApproval/active, until 2026-09-08 00:00
  Sep 1 09:00 mina stageOpened 2 stage 1 → pendingApproval/active, until 2026-09-08 00:00
mina extends 1
  refused: alreadyPending (refused) map[package:Production request:2]
usher works
      look up [group security]
  Sep 1 09:00 usher asked 2 stage 1 approvers [ada ben] → pendingApproval/active, until 2026-09-08 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post requestor card of 2 for mina
      redraw requestor card of 2 for mina
      post approver card of 2 for ada
      post approver card of 2 for ben
ada approves 2
  Sep 1 09:00 ada decided 2 stage 1 approve → pendingApproval/active, until 2026-09-08 00:00
ben approves 2
  Sep 1 09:00 ben decided 2 stage 1 approve → pendingApproval/active, until 2026-09-08 00:00
  Sep 1 09:00 ben stageOpened 2 stage 2 → pendingApproval/active, until 2026-09-08 00:00
usher works
      look up [catalogOwners]
  Sep 1 09:00 usher asked 2 stage 2 approvers [olga] → pendingApproval/active, until 2026-09-08 00:00
      redraw requestor card of 2 for mina
      redraw approver card of 2 for ada
      redraw approver card of 2 for ben
      redraw requestor card of 2 for mina
      redraw approver card of 2 for ada
      redraw approver card of 2 for ben
      post approver card of 2 for olga
olga approves 2
  Sep 1 09:00 olga decided 2 stage 2 approve → pendingApproval/active, until 2026-09-08 00:00
  Sep 1 09:00 olga state 2 → approved/active, until 2026-09-08 00:00
  Sep 1 09:00 olga state 2 → delivered/active, until 2026-09-08 00:00
  Sep 1 09:00 olga window 1 → delivered/active, until 2026-09-08 00:00
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      redraw requestor card of 2 for mina
      redraw approver card of 2 for ada
      redraw approver card of 2 for ben
      redraw approver card of 2 for olga
      post ready card of 2 for mina
time is 2026-09-05 00:00
show ledger
  = request 1 userAdd of production: delivered, until 2026-09-08 00:00
  = request 2 userExtend of production: delivered, until 2026-09-08 00:00
  = assignment 1 of production: active, until 2026-09-08 00:00
  = outside: prod/operator
mina extends 1
  Sep 5 00:00 mina submitted 3 → pendingApproval/active, until 2026-09-28 00:00
  Sep 5 00:00 mina stageOpened 3 stage 1 → pendingApproval/active, until 2026-09-28 00:00
usher works
      look up [group security]
  Sep 5 00:00 usher asked 3 stage 1 approvers [ada ben] → pendingApproval/active, until 2026-09-28 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post requestor card of 3 for mina
      redraw requestor card of 3 for mina
      post approver card of 3 for ada
      post approver card of 3 for ben
time is 2026-09-08 00:00
  Sep 6 00:00 usher forwarded 3 stage 1 alternates → pendingApproval/active, until 2026-09-28 00:00
      look up [group security]
      look up [ida]
  Sep 6 00:00 usher asked 3 stage 1 alternates [ada ben ida] → pendingApproval/active, until 2026-09-28 00:00
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      post approver card of 3 for ida
  Sep 6 12:00 usher reminded 3 stage 1 → pendingApproval/active, until 2026-09-28 00:00
      post reminder card of 3 for ada
      post reminder card of 3 for ben
      post reminder card of 3 for ida
  Sep 7 00:00 usher endsSoon 1 → delivered/active, until 2026-09-08 00:00
      look up [group security]
      look up [ida]
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
  Sep 8 00:00 usher state 3 (assignmentEnded) → timedOut/active, until 2026-09-28 00:00
  Sep 8 00:00 usher submitted 4 → delivering/ending, until 2026-09-08 00:00
  Sep 8 00:00 usher state 1 → delivered/ending, until 2026-09-08 00:00
  Sep 8 00:00 usher started 1 revoke prod/operator: unknown → delivered/ending, until 2026-09-08 00:00
      revoke prod/operator (attempt 9)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      redraw requestor card of 3 for mina
      redraw approver card of 3 for ada
      redraw approver card of 3 for ben
      redraw approver card of 3 for ida
      redraw reminder card of 3 for ada
      redraw reminder card of 3 for ben
      redraw reminder card of 3 for ida
      post result card of 3 for mina
      verify prod/operator (attempt 10)
  Sep 8 00:00 usher role 1 verify prod/operator: absent → delivered/ending, until 2026-09-08 00:00
  Sep 8 00:00 usher state 4 → delivered/expired, until 2026-09-08 00:00
  Sep 8 00:00 usher state 1 → delivered/expired, until 2026-09-08 00:00
  Sep 8 00:00 usher state 2 → delivered/expired, until 2026-09-08 00:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      redraw requestor card of 2 for mina
      redraw approver card of 2 for ada
      redraw approver card of 2 for ben
      redraw approver card of 2 for olga
      post over card of 1 for mina
      post over card of 1 for ada
      post over card of 1 for ben
      post over card of 1 for olga
  Sep 8 00:00 usher archived 1 → delivered/expired, until 2026-09-08 00:00
show ledger
  = archived: case 1 with 4 requests
  = outside: 
