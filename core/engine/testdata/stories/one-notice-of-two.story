# Off over both notices but not over the end: only the later one is given.

carla requests contractor "I help" country=de
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
carla accepts 1
  Sep 1 09:00 carla termsAccepted 1 → pendingTerms, until 2026-10-01 00:00
  Sep 1 09:00 carla state 1 → delivering/delivering, until 2026-10-01 00:00
usher works
  Sep 1 09:00 usher started 1 grant chat/guest: unknown → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher started 1 grant team/member: unknown → delivering/delivering, until 2026-10-01 00:00
      grant chat/guest (attempt 1)
      grant site/reader (attempt 1)
      grant team/member (attempt 1)
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post result card of 1 for carla
      verify chat/guest (attempt 2)
  Sep 1 09:00 usher role 1 verify chat/guest: present → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-10-01 00:00
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/delivering, until 2026-10-01 00:00
      verify team/member (attempt 2)
  Sep 1 09:00 usher role 1 verify team/member: present → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post ready card of 1 for carla
sleep until 2026-09-30 12:00
usher works
  Sep 30 00:00 usher endsSoon 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post endsSoon card of 1 for carla
