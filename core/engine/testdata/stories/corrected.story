# An approver corrects an answer that may be corrected.

carla requests contractor "I help" country=de
  Sep 1 09:00 carla submitted 1 "I help" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 carla stageOpened 1 stage 1 → pendingApproval, until 2026-10-01 00:00
usher works
      look up [olga]
  Sep 1 09:00 usher asked 1 stage 1 approvers [olga] → pendingApproval, until 2026-10-01 00:00
      post requestor card of 1 for carla
      redraw requestor card of 1 for carla
      post approver card of 1 for olga
olga corrects 1 country=fr
  refused: answerChoice (invalid) at answer.country map[value:fr]
olga corrects 1 country=jp
  Sep 1 09:00 olga amended 1 stage 1 → pendingApproval, until 2026-10-01 00:00
usher works
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
