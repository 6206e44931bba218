# An approver leaves while the request waits: the daily look finds that too few are left and asks the owners.

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
group is ada
time is 2026-09-02 09:00
  Sep 2 09:00 usher forwarded 1 stage 1 alternates → pendingApproval, for 480h0m0s from delivery
      look up [group security]
  Sep 2 09:00 usher asked 1 stage 1 approvers [ada] → pendingApproval, for 480h0m0s from delivery
      look up [ida]
  Sep 2 09:00 usher asked 1 stage 1 alternates [ada ida] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post approver card of 1 for ida
show ledger
  = request 1 userAdd of production: pendingApproval, for 480h0m0s from delivery
  = outside: 
