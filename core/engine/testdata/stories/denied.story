# One deny ends the request, with its reason.

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
ada approves 1
  Sep 1 09:00 ada decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
ben denies 1 "not this week"
  Sep 1 09:00 ben decided 1 stage 1 deny "not this week" → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 ben state 1 → denied, for 480h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post result card of 1 for mina
  Sep 1 09:00 usher archived 1 → denied, for 480h0m0s from delivery
show ledger
  = archived: case 1 with 1 requests
  = outside: 
ada approves 1
  refused: unknownRequest (notFound) map[]
