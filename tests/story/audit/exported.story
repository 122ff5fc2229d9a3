Story: what leaves the audit log is itself recorded, and stays within what the person may see

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place, order.view, audit.view
And li works at store "S2" and may audit.view, audit.export
And wang took the order "order" at store "S1": 1 "milk-tea"
When wang posts /audit-exports
  { "format": "csv" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When mei posts /audit-exports
  { "format": "csv", "action": "order.placed", "result": "ok" }
Then the answer is 200
And answer.count is 1
And the answer says "$order.number"
And "audit.exported" was recorded once by mei
When mei posts /audit-exports
  { "format": "jsonl", "about": "$order.id", "kind": "act" }
Then answer.count is 2
When li posts /audit-exports
  { "format": "jsonl", "action": "order.placed" }
Then answer.count is 0
And "audit.exported" was recorded once by li
When mei posts /audit-exports
  { "format": "xlsx" }
Then the answer is 422 "input.invalid"
When mei posts /audit-exports
  { "format": "csv", "about": "not-an-id-at-" }
Then the answer complains about "about": "field.not_an_id"
And nothing was written and nothing was published
When mei gets /audit-records?about=$staff.wang&kind=act&action=order.placed
Then answer.total is 1
When mei gets /audit-records?subject_kind=order&result=refused
Then answer.total is 0
When mei gets /audit-records?result=never
Then the answer is 422 "input.invalid"
