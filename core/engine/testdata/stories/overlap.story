# Two packages give the same role: the end of the first does not take it away, the end of the second does.

ledger of mina
mina requests wiki "" for=48h
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → approved, for 48h0m0s from delivery
  Sep 1 09:00 mina state 1 → delivering/delivering, for 48h0m0s from delivery
mina requests audit ""
  Sep 1 09:00 mina submitted 2 → pendingApproval, does not end
  Sep 1 09:00 mina stageOpened 2 stage 1 → pendingApproval, does not end
usher works
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher started 1 grant wiki/editor: unknown → delivering/delivering, for 48h0m0s from delivery
      look up [manager]
  Sep 1 09:00 usher asked 2 stage 1 approvers [max] → pendingApproval, does not end
      grant site/reader (attempt 1)
      grant wiki/editor (attempt 1)
      post requestor card of 1 for mina
      post requestor card of 2 for mina
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, for 48h0m0s from delivery
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-09-03 09:00
      verify wiki/editor (attempt 2)
  Sep 1 09:00 usher role 1 verify wiki/editor: present → delivering/delivering, until 2026-09-03 09:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-09-03 09:00
      redraw requestor card of 2 for mina
      post approver card of 2 for max
      redraw requestor card of 1 for mina
      post ready card of 1 for mina
max approves 2
  Sep 1 09:00 max decided 2 stage 1 approve → pendingApproval, does not end
  Sep 1 09:00 max state 2 → approved, does not end
  Sep 1 09:00 max state 2 → delivering/delivering, does not end
  Sep 1 09:00 max window 2 → delivering/delivering, does not end
usher works
  Sep 1 09:00 usher started 2 grant log/reader: unknown → delivering/delivering, does not end
      grant log/reader (attempt 1)
      redraw requestor card of 2 for mina
      redraw approver card of 2 for max
      verify log/reader (attempt 2)
  Sep 1 09:00 usher role 2 verify log/reader: present → delivering/delivering, does not end
  Sep 1 09:00 usher state 2 → delivered/active, does not end
      redraw requestor card of 2 for mina
      redraw approver card of 2 for max
      post ready card of 2 for mina
show ledger
  = request 1 userAdd of wiki: delivered, until 2026-09-03 09:00
  = request 2 userAdd of audit: delivered, does not end
  = assignment 1 of wiki: active, until 2026-09-03 09:00
  = assignment 2 of audit: active, does not end
  = outside: log/reader, site/reader, wiki/editor
time is 2026-09-03 10:00
  Sep 2 09:00 usher endsSoon 1 → delivered/active, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
      post endsSoon card of 1 for mina
  Sep 3 09:00 usher submitted 3 → delivering/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher state 1 → delivered/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher started 1 revoke wiki/editor: unknown → delivered/ending, until 2026-09-03 09:00
      revoke wiki/editor (attempt 4)
      redraw requestor card of 1 for mina
      redraw endsSoon card of 1 for mina
      verify wiki/editor (attempt 5)
  Sep 3 09:00 usher role 1 verify wiki/editor: absent → delivered/ending, until 2026-09-03 09:00
  Sep 3 09:00 usher state 3 → delivered/expired, until 2026-09-03 09:00
  Sep 3 09:00 usher state 1 → delivered/expired, until 2026-09-03 09:00
      redraw requestor card of 1 for mina
      post over card of 1 for mina
  Sep 3 09:00 usher archived 1 → delivered/expired, until 2026-09-03 09:00
show ledger
  = request 2 userAdd of audit: delivered, does not end
  = assignment 2 of audit: active, does not end
  = archived: case 1 with 2 requests
  = outside: log/reader, site/reader
mina releases 2
  Sep 3 10:00 mina submitted 4 → delivering/ending, does not end
  Sep 3 10:00 mina state 2 → delivered/ending, does not end
usher works
  Sep 3 10:00 usher started 2 revoke log/reader: unknown → delivered/ending, does not end
  Sep 3 10:00 usher started 2 revoke site/reader: unknown → delivered/ending, does not end
      revoke log/reader (attempt 5)
      revoke site/reader (attempt 5)
      redraw requestor card of 2 for mina
      redraw approver card of 2 for max
      verify log/reader (attempt 6)
  Sep 3 10:00 usher role 2 verify log/reader: absent → delivered/ending, does not end
      verify site/reader (attempt 6)
  Sep 3 10:00 usher role 2 verify site/reader: absent → delivered/ending, does not end
  Sep 3 10:00 usher state 4 → delivered/released, does not end
  Sep 3 10:00 usher state 2 → delivered/released, does not end
      redraw requestor card of 2 for mina
      redraw approver card of 2 for max
      post over card of 2 for max
  Sep 3 10:00 usher archived 2 → delivered/released, does not end
show ledger
  = archived: case 1 with 2 requests
  = archived: case 2 with 2 requests
  = outside: 
