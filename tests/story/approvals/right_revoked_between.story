Story: the vote of who has lost the right since counts no more

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a role "authoriser" with approval.view, approval.decide, disclosure.authorise, disclosure.approve
And li works at headquarters as "authoriser"
And zhou works at headquarters as "authoriser"
And wu works at headquarters as "authoriser"
When 1 minute pass
And mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly", "action": "store.created",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T10:00:30.000Z", "fields": ["action"] }
Then the answer is called "asked"
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "seen", "version": 1 }
Then the answer is 200
When mei posts /staff/$staff.li/suspend
  { "version": 1 }
Then the answer is 200
When zhou gets /approvals/$asked.approval_id
Then answer.step_due is authorise
And answer.votes[0].stands is false
When zhou posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "seen by me", "version": 2 }
Then the answer is 200
And answer.state is open
And answer.step_due is approve
And "approval.vote_lapsed" was recorded once by zhou
When mei puts /staff/$staff.wu/grants
  { "version": 1, "grants": [] }
Then the answer is 200
When wu posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "seen", "version": 3 }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
