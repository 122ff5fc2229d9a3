Story: who did what is found by action, by person and by thing

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place, order.view
And li works at store "S2" and may audit.view
And wang took the order "order" at store "S1": 1 "milk-tea"
When mei gets /audit-records?action=order.placed
Then answer.total is 1
And answer.items[0].actor.name is wang
And answer.items[0].actor.kind is staff
And answer.items[0].subject.id is $order.id
And answer.items[0].subject.label is $order.number
And answer.items[0].kind is act
And answer.items[0].result is ok
And answer.items[0].leaf_hash is not ""
When mei gets /audit-records?subject_id=$order.id
Then answer.total is 2
When mei gets /audit-records?actor_id=$staff.wang&kind=act&action=order.paid
Then answer.total is 1
When mei gets /audit-records?q=$order.number
Then answer.total is 2
When li gets /audit-records?action=order.placed
Then answer.total is 0
When wang gets /audit-records
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
