Story: that nothing was changed is proved, and whoever kept a checkpoint can ask about it

Given a tenant "tea" owned by mei
And a tenant "soy" owned by sun
And we speak of tenant "tea"
And a store "S1"
And wang works at store "S1" and may audit.view
When wang gets /audit-log
Then the answer is 403 "permission.denied"
When wang gets /audit-log/check
Then the answer is 403 "permission.denied"
When the operator runs: audit checkpoint --tenant tea
And mei gets /audit-log
Then the answer is 200
And answer.waiting_count is 0
And answer.keys has 1 entries
And the answer is called "kept"
When mei gets /audit-log/check
Then the answer is 200
And answer.faults_count is 0
And answer.head.root is $kept.head.root
And nothing was written and nothing was published
When mei posts /audit-log/compare
  { "checkpoint": "$kept.head.checkpoint" }
Then answer.verdict is same
Given a store "S2"
When mei gets /audit-log
Then answer.waiting_count is not 0
When the operator runs: audit verify --tenant tea
And mei posts /audit-log/compare
  { "checkpoint": "$kept.head.checkpoint" }
Then answer.verdict is extended
And answer.good is true
When sun posts /audit-log/compare
  { "checkpoint": "$kept.head.checkpoint" }
Then answer.verdict is other_log
And answer.good is false
When mei posts /audit-log/compare
  { "checkpoint": "no checkpoint at all" }
Then answer.verdict is not_a_note
When mei posts /audit-log/compare
  { "checkpoint": "" }
Then the answer is 422 "input.invalid"
