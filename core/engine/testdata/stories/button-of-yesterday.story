# The package changed since the card was drawn: the approver looks again before deciding.

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
package gives production prod/operator,prod/admin
ada approves 1
  refused: changedSince (tooLate) map[]
usher works
  Sep 1 09:00 usher followed 1 → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
ada approves 1
  Sep 1 09:00 ada decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
