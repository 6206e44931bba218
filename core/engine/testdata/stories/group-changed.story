# A group changes while a request waits and Usher hears of it: who is new gets a card, who left cannot decide any more.

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
group is ben nora
usher hears that the group changed
usher works
      look up [group security]
  Sep 1 09:00 usher asked 1 stage 1 approvers [ben nora] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post approver card of 1 for nora
ada approves 1
  refused: notApprover (forbidden) map[]
nora approves 1
  Sep 1 09:00 nora decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
ben approves 1
  Sep 1 09:00 ben decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 ben stageOpened 1 stage 2 → pendingApproval, for 480h0m0s from delivery
show ledger
  = request 1 userAdd of production: pendingApproval, for 480h0m0s from delivery
  = outside: 
