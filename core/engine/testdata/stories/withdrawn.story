# Withdraw works until delivery starts.

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
ada withdraws 1
  refused: notYours (forbidden) map[]
mina withdraws 1 "not needed any more"
  Sep 1 09:00 mina state 1 "not needed any more" → withdrawn, for 480h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
  Sep 1 09:00 usher archived 1 → withdrawn, for 480h0m0s from delivery
mina requests wiki "" for=24h
  Sep 1 09:00 mina submitted 2 → pendingApproval, for 24h0m0s from delivery
  Sep 1 09:00 mina state 2 → approved, for 24h0m0s from delivery
  Sep 1 09:00 mina state 2 → delivering/delivering, for 24h0m0s from delivery
usher starts
  Sep 1 09:00 usher started 2 grant site/reader: unknown → delivering/delivering, for 24h0m0s from delivery
  Sep 1 09:00 usher started 2 grant wiki/editor: unknown → delivering/delivering, for 24h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 2 for mina
mina withdraws 2
  refused: deliveryStarted (tooLate) map[]
