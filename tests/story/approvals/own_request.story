Story: not even the owner agrees to what she asked for herself, and only she takes it back

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a tenant "soy" owned by sun
And we speak of tenant "tea"
And a store "S1"
And a role "authoriser" with approval.view, approval.decide, disclosure.authorise
And li works at headquarters as "authoriser"
When 1 minute pass
And mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly", "action": "store.created",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T10:00:30.000Z", "fields": ["action"] }
Then the answer is 201
And the answer is called "asked"
When mei posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "mine", "version": 1 }
Then the answer is 403 "approval.own_request"
And nothing was written and nothing was published
When sun gets /approvals/$asked.approval_id
Then the answer is 404 "approval.not_found"
When sun posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "mine", "version": 1 }
Then the answer is 404 "approval.not_found"
And nothing was written and nothing was published
When sun gets /approvals
Then answer.total is 0
When li posts /approvals/$asked.approval_id/withdraw
  { "reason": "not mine", "version": 1 }
Then the answer is 403 "approval.not_asker"
And nothing was written and nothing was published
When mei posts /approvals/$asked.approval_id/withdraw
  { "reason": "a mistake", "version": 1 }
Then the answer is 200
And answer.state is withdrawn
And "approval.withdrawn" was recorded once by mei
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "late", "version": 2 }
Then the answer is 409 "approval.closed"
And nothing was written and nothing was published
When mei gets /disclosures/$asked.id
Then answer.state is withdrawn
