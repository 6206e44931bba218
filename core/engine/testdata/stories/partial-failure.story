# One of three roles cannot be given: the others are, the admins are told, retry helps, and it ends like any other.

resource is site/reader broken
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
  Sep 1 09:00 usher failed 1 grant site/reader: unknown (forbidden) → delivering/delivering, until 2026-10-01 00:00
      grant team/member (attempt 1)
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post result card of 1 for carla
      verify chat/guest (attempt 2)
  Sep 1 09:00 usher role 1 verify chat/guest: present → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher window 1 → delivering/delivering, until 2026-10-01 00:00
      verify team/member (attempt 2)
  Sep 1 09:00 usher role 1 verify team/member: present → delivering/delivering, until 2026-10-01 00:00
  Sep 1 09:00 usher state 1 → partiallyDelivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      look up [catalogOwners]
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post ready card of 1 for carla
      post failure card of 1 for olga
show ledger
  = request 1 userAdd of contractor: partiallyDelivered, until 2026-10-01 00:00
  = assignment 1 of contractor: active, until 2026-10-01 00:00
  = outside: chat/guest, team/member
carla retries 1
  refused: notAdmin (forbidden) map[]
resource is site/reader fine
max retries 1
  Sep 1 09:00 max retried 1 → delivering/active, until 2026-10-01 00:00
usher works
      verify site/reader (attempt 2)
  Sep 1 09:00 usher role 1 verify site/reader: absent → delivering/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
  Sep 1 09:00 usher started 1 grant site/reader: unknown → delivering/active, until 2026-10-01 00:00
      grant site/reader (attempt 3)
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      verify site/reader (attempt 4)
  Sep 1 09:00 usher role 1 verify site/reader: present → delivering/active, until 2026-10-01 00:00
  Sep 1 09:00 usher state 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      post ready card of 1 for carla
show ledger
  = request 1 userAdd of contractor: delivered, until 2026-10-01 00:00
  = assignment 1 of contractor: active, until 2026-10-01 00:00
  = outside: chat/guest, site/reader, team/member
time is 2026-10-01 00:00
  Sep 17 00:00 usher endsSoon 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      post endsSoon card of 1 for carla
  Sep 30 00:00 usher endsSoon 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      redraw endsSoon card of 1 for carla
      post endsSoon card of 1 for carla
  Oct 1 00:00 usher submitted 2 → delivering/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher state 1 → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke chat/guest: unknown → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke team/member: unknown → delivered/ending, until 2026-10-01 00:00
      revoke chat/guest (attempt 32)
      revoke site/reader (attempt 34)
      revoke team/member (attempt 32)
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      redraw endsSoon card of 1 for carla
      verify chat/guest (attempt 33)
  Oct 1 00:00 usher role 1 verify chat/guest: absent → delivered/ending, until 2026-10-01 00:00
      verify site/reader (attempt 35)
  Oct 1 00:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-10-01 00:00
      verify team/member (attempt 33)
  Oct 1 00:00 usher role 1 verify team/member: absent → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher state 2 → delivered/expired, until 2026-10-01 00:00
  Oct 1 00:00 usher state 1 → delivered/expired, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw failure card of 1 for olga
      post over card of 1 for carla
      post over card of 1 for olga
  Oct 1 00:00 usher archived 1 → delivered/expired, until 2026-10-01 00:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
