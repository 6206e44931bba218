# Approvers are asked in a channel and nowhere else; what is said below the card is kept.

ledger of mina
cards go test/approvals only
mina requests production ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [group security]
  Sep 1 09:00 usher asked 1 stage 1 approvers [ada ben] → pendingApproval, for 480h0m0s from delivery
      post requestor card of 1 for mina
      post approver card of 1 for test/approvals
      redraw requestor card of 1 for mina
      redraw approver card of 1 for test/approvals
ben says 1 "which cluster?"
  Sep 1 09:00 ben remarked 1 "which cluster?" → pendingApproval, for 480h0m0s from delivery
mina says 1 "the old one"
  Sep 1 09:00 mina remarked 1 "the old one" → pendingApproval, for 480h0m0s from delivery
kim says 1 "me too"
  refused: notYours (forbidden) map[]
time is 2026-09-03 09:00
      redraw requestor card of 1 for mina
      redraw approver card of 1 for test/approvals
  Sep 2 09:00 usher forwarded 1 stage 1 alternates → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [ida]
  Sep 2 09:00 usher asked 1 stage 1 alternates [ada ben ida] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for test/approvals
      redraw requestor card of 1 for mina
      redraw approver card of 1 for test/approvals
  Sep 3 09:00 usher reminded 1 stage 1 → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [ida]
      post reminder card of 1 for test/approvals
ada denies 1 "then no"
  Sep 3 09:00 ada decided 1 stage 1 deny "then no" → pendingApproval, for 480h0m0s from delivery
  Sep 3 09:00 ada state 1 → denied, for 480h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for test/approvals
      redraw reminder card of 1 for test/approvals
      post result card of 1 for mina
  Sep 3 09:00 usher archived 1 → denied, for 480h0m0s from delivery
show ledger
  = archived: case 1 with 1 requests
  = outside: 
