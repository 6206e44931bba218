# Two of the group must approve, then the owners; one person counts once in a stage.

ledger of mina
mina requests production ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [group security]
  Sep 1 09:00 usher asked 1 stage 1 approvers [ada ben] → pendingApproval, for 480h0m0s from delivery
      post requestor card of 1 for mina
      redraw requestor card of 1 for mina
      post approver card of 1 for ada
      post approver card of 1 for ben
ada claims 1
  Sep 1 09:00 ada claimed 1 stage 1 → pendingApproval, for 480h0m0s from delivery
ben claims 1
  refused: claimedBy (tooLate) map[by:ada]
ada approves 1 "fine"
  Sep 1 09:00 ada decided 1 stage 1 approve "fine" → pendingApproval, for 480h0m0s from delivery
ada approves 1 "very fine"
  refused: decidedByYou (tooLate) map[stage:1]
mina approves 1
  refused: ownRequest (forbidden) map[]
ben approves 1
  Sep 1 09:00 ben decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 ben stageOpened 1 stage 2 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [catalogOwners]
  Sep 1 09:00 usher asked 1 stage 2 approvers [olga] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post approver card of 1 for olga
olga approves 1
  Sep 1 09:00 olga decided 1 stage 2 approve → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 olga state 1 → approved, for 480h0m0s from delivery
  Sep 1 09:00 olga state 1 → delivering/delivering, for 480h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant prod/operator: unknown → delivering/delivering, for 480h0m0s from delivery
      grant prod/operator (attempt 1)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      verify prod/operator (attempt 2)
  Sep 1 09:00 usher role 1 verify prod/operator: present → delivering/delivering, for 480h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-21 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-21 09:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for olga
      post ready card of 1 for mina
show ledger
  = request 1 userAdd of production: delivered, until 2026-09-21 09:00
  = assignment 1 of production: active, until 2026-09-21 09:00
  = outside: prod/operator
