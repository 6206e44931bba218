# Everything was off over the reminder, the alternates and the deadline: only the deadline counts, at its own time.

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
sleep until 2026-09-20 12:00
usher works
  Sep 5 09:00 usher state 1 (undecided) → timedOut, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post result card of 1 for mina
  Sep 20 12:00 usher archived 1 → timedOut, for 480h0m0s from delivery
show ledger
  = archived: case 1 with 1 requests
  = outside: 
