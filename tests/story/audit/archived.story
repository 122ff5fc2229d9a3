Story: old records lie in the archive; they are found there on request, by those who might see them before

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place, order.view
And wang took the order "order" at store "S1": 1 "milk-tea"
When wang asks 20 times for /orders
And 1 minute passes
And mei gets /audit-records?archived=perhaps
Then the answer is 422 "input.invalid"
When mei gets /audit-records?action=order.placed&archived=true
Then answer.total is 1
And the answer never says "unreadable_count"
When mei asks 100 times for /orders
And the visits are written down
And 1 minute passes
And mei asks 100 times for /orders
And the visits are written down
And 1 minute passes
And mei asks 100 times for /orders
And the visits are written down
And 1 minute passes
And the operator runs: audit archive --tenant tea --before 2050-01-01T00:00:00.000Z
Given li works at headquarters and may audit.view, audit.verify, audit.export
And zhou works at store "S2" and may audit.view, audit.export
When li gets /audit-records?action=order.placed
Then answer.total is 0
And answer.archive.searched is false
And answer.archive.until is not ""
When li gets /audit-records?action=order.placed&archived=true
Then answer.total is 1
And answer.archive.searched is true
And answer.archive.unreadable_count is 0
And answer.items[0].actor.name is wang
And answer.items[0].subject.id is $order.id
When li gets /audit-records?about=$order.id&archived=true&kind=act
Then answer.total is 2
When li posts /audit-exports
  { "format": "jsonl", "about": "$order.id", "kind": "act", "archived": true }
Then answer.count is 2
And the answer says "$order.number"
And "audit.exported" was recorded once by li
When zhou gets /audit-records?action=order.placed&archived=true
Then answer.total is 0
When zhou posts /audit-exports
  { "format": "jsonl", "action": "order.placed", "archived": true }
Then answer.count is 0
When li gets /audit-log/check
Then answer.faults_count is 0
When the operator runs: audit verify --tenant tea
Then the answer never says "FAULT"
