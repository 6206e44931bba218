# Held or pending, what is incompatible is refused, whichever of the two names the other.

ledger of mina
mina requests audit ""
  Sep 1 09:00 mina submitted 1 → pendingApproval, does not end
  Sep 1 09:00 mina stageOpened 1 stage 1 → pendingApproval, does not end
mina requests production ""
  refused: incompatible (refused) map[other:Audit package:Production]
