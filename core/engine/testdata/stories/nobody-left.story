# The group is empty and the owners are gone: the tenant admin is asked and told why; for two approvals that is not
# enough, so the admins are told that nobody can decide, and in the end it times out.

ledger of mina
group is
owners are
mina requests production ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, for 480h0m0s from delivery
usher works
      look up [group security]
  Sep 1 09:00 usher forwarded 1 stage 1 catalogOwners → pendingApproval, for 480h0m0s from delivery
      post requestor card of 1 for mina
      look up [catalogOwners]
  Sep 1 09:00 usher forwarded 1 stage 1 tenantAdmins → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      look up [tenantAdmins]
  Sep 1 09:00 usher asked 1 stage 1 tenantAdmins [root] → pendingApproval, for 480h0m0s from delivery
  Sep 1 09:00 usher unreachable 1 stage 1 → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      look up [catalogOwners]
      redraw requestor card of 1 for mina
      post approver card of 1 for root
      look up [tenantAdmins]
      post nobody card of 1 for root
time is 2026-09-06 00:00
  Sep 2 09:00 usher forwarded 1 stage 1 alternates → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [catalogOwners]
      look up [tenantAdmins]
      look up [ida]
  Sep 2 09:00 usher asked 1 stage 1 alternates [root ida] → pendingApproval, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for root
      redraw requestor card of 1 for mina
      redraw approver card of 1 for root
      post approver card of 1 for ida
  Sep 3 09:00 usher reminded 1 stage 1 → pendingApproval, for 480h0m0s from delivery
      look up [group security]
      look up [catalogOwners]
      look up [tenantAdmins]
      look up [ida]
      post reminder card of 1 for root
      post reminder card of 1 for ida
      look up [group security]
      look up [catalogOwners]
      look up [tenantAdmins]
      look up [ida]
  Sep 5 09:00 usher state 1 (undecided) → timedOut, for 480h0m0s from delivery
      redraw requestor card of 1 for mina
      redraw approver card of 1 for root
      redraw nobody card of 1 for root
      redraw approver card of 1 for ida
      redraw reminder card of 1 for root
      redraw reminder card of 1 for ida
      post result card of 1 for mina
  Sep 5 09:00 usher archived 1 → timedOut, for 480h0m0s from delivery
show ledger
  = archived: case 1 with 1 requests
  = outside: 
