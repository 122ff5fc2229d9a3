Story: what nobody decided in time is over from that moment on

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a role "authoriser" with approval.view, approval.decide, disclosure.authorise, disclosure.approve
And li works at headquarters as "authoriser"
And zhou works at headquarters as "authoriser"
And zhou's password is "Quiet-Harbour-7"
When 1 minute pass
And mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly", "action": "store.created",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T10:00:30.000Z", "fields": ["action"] }
Then the answer is called "asked"
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "seen", "version": 1 }
Then the answer is 200
When 72 hours pass
And zhou signs in as zhou of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When zhou posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "late", "version": 2 }
Then the answer is 409 "approval.expired"
And nothing was written and nothing was published
When zhou gets /approvals/$asked.approval_id
Then answer.state is expired
And answer.may has no entries
