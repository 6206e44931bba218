# The manager cannot be found, the fallback neither: the owners decide, and the access does not end.

ledger of mina
manager is
mina requests audit "the yearly audit"
  Sep 1 09:00 mina submitted 1 "the yearly audit" → pendingApproval, does not end
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, does not end
usher works
      look up [manager]
  Sep 1 09:00 usher forwarded 1 stage 1 fallbacks → pendingApproval, does not end
      post requestor card of 1 for mina
      look up [ghost]
  Sep 1 09:00 usher forwarded 1 stage 1 catalogOwners → pendingApproval, does not end
      redraw requestor card of 1 for mina
      look up [catalogOwners]
  Sep 1 09:00 usher asked 1 stage 1 catalogOwners [olga] → pendingApproval, does not end
      redraw requestor card of 1 for mina
      redraw requestor card of 1 for mina
      post approver card of 1 for olga
olga approves 1
  Sep 1 09:00 olga decided 1 stage 1 approve → pendingApproval, does not end
  Sep 1 09:00 olga state 1 → approved, does not end
  Sep 1 09:00 olga state 1 → delivering/delivering, does not end
usher works
  Sep 1 09:00 usher started 1 grant log/reader: unknown → delivering/delivering, does not end
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, does not end
      grant log/reader (attempt 1)
      grant site/reader (attempt 1)
      redraw requestor card of 1 for mina
      redraw approver card of 1 for olga
      verify log/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify log/reader: present → delivering/delivering, does not end
  Sep 1 09:00 usher window 1 → delivering/delivering, does not end
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, does not end
  Sep 1 09:00 usher state 1 → delivered/active, does not end
      redraw requestor card of 1 for mina
      redraw approver card of 1 for olga
      post ready card of 1 for mina
show ledger
  = request 1 userAdd of audit: delivered, does not end
  = assignment 1 of audit: active, does not end
  = outside: log/reader, site/reader
mina extends 1
  refused: nothingToExtend (refused) map[]
