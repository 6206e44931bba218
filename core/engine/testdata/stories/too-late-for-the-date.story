# The fixed date of a policy has passed: nobody is asked to choose another.

time is 2026-10-02 09:00
carla requests contractor "I help" country=de
  refused: policyOver (refused) map[end:2026-10-01 00:00:00 +0000 UTC]
max assigns contractor "late"
  refused: policyOver (refused) map[end:2026-10-01 00:00:00 +0000 UTC]
