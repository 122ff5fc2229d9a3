Story: who asks cannot decide, nobody decides twice, and both steps need the right for it

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with approval.view, disclosure.view, disclosure.ask
And a role "authoriser" with approval.view, approval.decide, disclosure.authorise
And a role "approver" with approval.view, approval.decide, disclosure.approve
And wang works at headquarters as "clerk"
And li works at headquarters as "authoriser"
And zhou works at headquarters as "approver"
And wu works at store "S1" as "authoriser"
When 1 minute pass
And wang posts /disclosures
  { "requester": "District police", "legal_ground": "Case 2026-17", "reason": "letter of today",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T10:00:30.000Z", "action": "store.created",
    "fields": ["at", "action", "subject_label"] }
Then the answer is 201
And answer.records_count is 1
And answer.state is asked
And "disclosure.asked" was recorded once by wang
And "approval.opened" was recorded once by wang
And "approval.opened" was published once
And the answer is called "asked"
When wang gets /approvals?which=asked
Then answer.total is 1
And answer.items[0].may contains withdraw
And answer.items[0].step_due is authorise
When li gets /approvals?which=to_decide
Then answer.total is 1
And answer.items[0].asked_by.name is wang
And answer.items[0].may contains decide
When zhou gets /approvals?which=to_decide
Then answer.total is 0
# Not her step, not her right, not her place.
When zhou posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "fine", "version": 1 }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When wang posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "fine", "version": 1 }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When wu posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "fine", "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "", "version": 1 }
Then the answer is 422 "input.invalid"
And nothing was written and nothing was published
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "letter seen", "version": 1 }
Then the answer is 200
And answer.state is open
And answer.step_due is approve
And "approval.voted" was recorded once by li
# Even the owner, who may do everything, counts once and came too late with what she saw.
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "again", "version": 2 }
Then the answer is 409 "approval.voted_already"
And nothing was written and nothing was published
When mei posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "me too", "version": 1 }
Then the answer is 409 "approval.stale"
And nothing was written and nothing was published
When zhou posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "ground checked", "version": 2 }
Then the answer is 200
And answer.state is approved
And "approval.closed" was recorded once by zhou
And "approval.closed" was published once
When mei posts /approvals/$asked.approval_id/decide
  { "verdict": "refuse", "reason": "no", "version": 3 }
Then the answer is 409 "approval.closed"
And nothing was written and nothing was published
