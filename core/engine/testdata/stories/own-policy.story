# Who was the last to edit a policy without approval does not get through it alone: the other owners decide.

ledger of ben
ben requests wiki ""
  Sep 1 09:00 ben submitted 1 → pendingApproval, for 240h0m0s from delivery
  Sep 1 09:00 ben stageOpened 1 stage 1 → pendingApproval, for 240h0m0s from delivery
usher works
      look up [catalogOwners]
  Sep 1 09:00 usher asked 1 stage 1 approvers [olga] → pendingApproval, for 240h0m0s from delivery
      post requestor card of 1 for ben
      redraw requestor card of 1 for ben
      post approver card of 1 for olga
ben approves 1
  refused: ownRequest (forbidden) map[]
olga approves 1
  Sep 1 09:00 olga decided 1 stage 1 approve → pendingApproval, for 240h0m0s from delivery
  Sep 1 09:00 olga state 1 → approved, for 240h0m0s from delivery
  Sep 1 09:00 olga state 1 → delivering/delivering, for 240h0m0s from delivery
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 240h0m0s from delivery
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      redraw requestor card of 1 for ben
      redraw approver card of 1 for olga
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 240h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-11 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-11 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-11 09:00
      redraw requestor card of 1 for ben
      redraw approver card of 1 for olga
      post ready card of 1 for ben
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-11 09:00
  = assignment 1 of wiki: active, until 2026-09-11 09:00
  = outside: site/reader, wiki/editor
