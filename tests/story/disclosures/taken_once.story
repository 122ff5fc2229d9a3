Story: what was approved is taken once, in time, with only the chosen fields open

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And a role "authoriser" with approval.view, approval.decide, disclosure.authorise
And a role "approver" with approval.view, approval.decide, disclosure.approve
And a role "clerk" with approval.view, disclosure.view, disclosure.ask
And wang works at store "S1" and may order.place, order.view
And li works at headquarters as "authoriser"
And zhou works at headquarters as "approver"
And wu works at headquarters as "clerk"
And wang took the order "order" at store "S1": 1 "milk-tea"
When the operator runs: audit checkpoint --tenant tea
And 1 minute pass
And wu posts /disclosures
  { "requester": "District police", "legal_ground": "Case 2026-17", "reason": "letter of today",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T10:00:30.000Z", "subject_id": "$order.id",
    "fields": ["at", "action", "subject_id", "~total"] }
Then the answer is 201
And answer.records_count is 2
And the answer is called "asked"
When mei posts /disclosures/$asked.id/take
Then the answer is 409 "disclosure.not_approved"
And nothing was written and nothing was published
When li posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "letter seen", "version": 1 }
And mei posts /disclosures/$asked.id/take
Then the answer is 409 "disclosure.not_approved"
When zhou posts /approvals/$asked.approval_id/decide
  { "verdict": "approve", "reason": "ground checked", "version": 2 }
Then answer.state is approved
When wu posts /disclosures/$asked.id/take
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When mei gets /disclosures/$asked.id
Then answer.may contains take
And answer.available_until is not ""
When mei posts /disclosures/$asked.id/take
Then the answer is 200
And the answer says "hangu-audit-disclosure@v1"
And the answer says "Case 2026-17"
And "disclosure.taken" was recorded once by mei
When mei posts /disclosures/$asked.id/take
Then the answer is 409 "disclosure.taken_already"
And nothing was written and nothing was published
When the operator runs: audit disclosures --tenant tea
And mei gets /disclosures
Then answer.total is 1
And answer.items[0].state is taken
And answer.items[0].may has no entries
