# Who decided after the reminder has nothing to press on it any more, although the stage still waits for another.

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
time is 2026-09-03 09:00
  Sep 2 09:00 usher forwarded 1 stage 1 alternates → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [ida]
  Sep 2 09:00 usher asked 1 stage 1 alternates [ada ben ida] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      post approver card of 1 for ida
  Sep 3 09:00 usher reminded 1 stage 1 → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [ida]
      post reminder card of 1 for ada
      post reminder card of 1 for ben
      post reminder card of 1 for ida
ada approves 1
  Sep 3 09:00 ada decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
usher works
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for ida
      redraw reminder card of 1 for ada
ben approves 1
  Sep 3 09:00 ben decided 1 stage 1 approve → pendingApproval, for 480h0m0s from delivery
  Sep 3 09:00 ben stageOpened 1 stage 2 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [catalogOwners]
  Sep 3 09:00 usher asked 1 stage 2 approvers [olga] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for ida
      redraw reminder card of 1 for ben
      redraw reminder card of 1 for ida
      redraw requestor card of 1 for mina
      redraw approver card of 1 for ada
      redraw approver card of 1 for ben
      redraw approver card of 1 for ida
      post approver card of 1 for olga
