# Terms that are refused, and terms that nobody answers.

carla requests contractor "I help" country=jp
  Sep 1 09:00 carla submitted 1 "I help" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 carla stageOpened 1 stage 1 → pendingApproval, until 2026-10-01 00:00
usher works
      look up [olga]
  Sep 1 09:00 usher asked 1 stage 1 approvers [olga] → pendingApproval, until 2026-10-01 00:00
      post requestor card of 1 for carla
      redraw requestor card of 1 for carla
      post approver card of 1 for olga
olga approves 1 "ok"
  Sep 1 09:00 olga decided 1 stage 1 approve "ok" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 olga state 1 → approved, until 2026-10-01 00:00
  Sep 1 09:00 olga state 1 → pendingTerms, until 2026-10-01 00:00
olga accepts 1
  refused: notYours (forbidden) map[]
carla refuses 1
  Sep 1 09:00 carla termsRefused 1 → withdrawn, until 2026-10-01 00:00
usher works
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post result card of 1 for carla
  Sep 1 09:00 usher archived 1 → withdrawn, until 2026-10-01 00:00
carla requests contractor "I help after all" country=jp
  Sep 1 09:00 carla submitted 2 "I help after all" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 carla stageOpened 2 stage 1 → pendingApproval, until 2026-10-01 00:00
usher works
      look up [olga]
  Sep 1 09:00 usher asked 2 stage 1 approvers [olga] → pendingApproval, until 2026-10-01 00:00
      post requestor card of 2 for carla
      redraw requestor card of 2 for carla
      post approver card of 2 for olga
olga approves 2 "ok"
  Sep 1 09:00 olga decided 2 stage 1 approve "ok" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 olga state 2 → approved, until 2026-10-01 00:00
  Sep 1 09:00 olga state 2 → pendingTerms, until 2026-10-01 00:00
usher works
      redraw requestor card of 2 for carla
      redraw approver card of 2 for olga
      post result card of 2 for carla
time is 2026-09-16 10:00
  Sep 15 09:00 usher state 2 (termsNotAccepted) → timedOut, until 2026-10-01 00:00
      redraw requestor card of 2 for carla
      redraw approver card of 2 for olga
      redraw result card of 2 for carla
      post result card of 2 for carla
  Sep 15 09:00 usher archived 2 → timedOut, until 2026-10-01 00:00
show ledger
  = archived: case 1 with 1 requests
  = archived: case 2 with 1 requests
  = outside: 
