# The story that everything is measured by: a contractor asks, is approved with a reason, accepts the terms,
# gets access, and loses it on the day that the card said.

carla requests contractor "" country=de
  refused: justificationRequired (invalid) at justification map[]
carla requests contractor "I help with the release"
  refused: required (invalid) at answer.country map[]
carla requests contractor "I help with the release" country=fr
  refused: answerChoice (invalid) at answer.country map[value:fr]
carla requests contractor "I help with the release" country=de
  Sep 1 09:00 carla submitted 1 "I help with the release" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 carla stageOpened 1 stage 1 → pendingApproval, until 2026-10-01 00:00
usher works
      look up [olga]
  Sep 1 09:00 usher asked 1 stage 1 approvers [olga] → pendingApproval, until 2026-10-01 00:00
      post requestor card of 1 for carla
      redraw requestor card of 1 for carla
      post approver card of 1 for olga
carla requests contractor "again" country=de
  refused: alreadyPending (refused) map[package:External contractor request:1]
carla approves 1 "me"
  refused: ownRequest (forbidden) map[]
kim approves 1 "me too"
  refused: notApprover (forbidden) map[]
olga approves 1
  refused: reasonRequired (invalid) at reason map[]
olga approves 1 "Ada vouches for her"
  Sep 1 09:00 olga decided 1 stage 1 approve "Ada vouches for her" → pendingApproval, until 2026-10-01 00:00
  Sep 1 09:00 olga state 1 → approved, until 2026-10-01 00:00
  Sep 1 09:00 olga state 1 → pendingTerms, until 2026-10-01 00:00
usher works
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post result card of 1 for carla
olga denies 1 "changed my mind"
  refused: alreadyDecided (tooLate) map[at:2026-09-01 09:00:00 +0000 UTC by:olga verdict:approve]
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
      redraw result card of 1 for carla
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
show ledger
  = request 1 userAdd of contractor: delivered, until 2026-10-01 00:00
  = assignment 1 of contractor: active, until 2026-10-01 00:00
  = outside: chat/guest, site/reader, team/member
carla accepts 1
  refused: termsAccepted (tooLate) map[]
time is 2026-09-30 23:59
  Sep 17 00:00 usher endsSoon 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post endsSoon card of 1 for carla
  Sep 30 00:00 usher endsSoon 1 → delivered/active, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw endsSoon card of 1 for carla
      post endsSoon card of 1 for carla
time is 2026-10-01 00:00
  Oct 1 00:00 usher submitted 2 → delivering/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher state 1 → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke chat/guest: unknown → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke site/reader: unknown → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher started 1 revoke team/member: unknown → delivered/ending, until 2026-10-01 00:00
      revoke chat/guest (attempt 32)
      revoke site/reader (attempt 32)
      revoke team/member (attempt 32)
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      redraw endsSoon card of 1 for carla
      verify chat/guest (attempt 33)
  Oct 1 00:00 usher role 1 verify chat/guest: absent → delivered/ending, until 2026-10-01 00:00
      verify site/reader (attempt 33)
  Oct 1 00:00 usher role 1 verify site/reader: absent → delivered/ending, until 2026-10-01 00:00
      verify team/member (attempt 33)
  Oct 1 00:00 usher role 1 verify team/member: absent → delivered/ending, until 2026-10-01 00:00
  Oct 1 00:00 usher state 2 → delivered/expired, until 2026-10-01 00:00
  Oct 1 00:00 usher state 1 → delivered/expired, until 2026-10-01 00:00
      redraw requestor card of 1 for carla
      redraw approver card of 1 for olga
      post over card of 1 for carla
      post over card of 1 for olga
  Oct 1 00:00 usher archived 1 → delivered/expired, until 2026-10-01 00:00
show ledger
  = archived: case 1 with 2 requests
  = outside: 
