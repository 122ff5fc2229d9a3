Story: a receipt goes to whoever may see the record, once a checkpoint holds it

Given a tenant "tea" owned by mei
And a tenant "soy" owned by sun
And we speak of tenant "tea"
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place, order.view
And li works at store "S2" and may audit.view
And wang took the order "order" at store "S1": 1 "milk-tea"
When mei gets /audit-records?action=order.placed
Then answer.total is 1
And the answer is called "found"
When mei gets /audit-records/$found.items[0].id/receipt
Then the answer is 409 "audit_record.not_sequenced"
When the operator runs: audit checkpoint --tenant tea
And mei gets /audit-records/$found.items[0].id/receipt
Then the answer is 200
And answer.format is hangu-audit-receipt@v1
And answer.record_id is $found.items[0].id
And the answer says "c2sp.org/tlog-proof@v1"
When li gets /audit-records/$found.items[0].id/receipt
Then the answer is 403 "permission.outside_scope"
When wang gets /audit-records/$found.items[0].id/receipt
Then the answer is 403 "permission.denied"
When sun gets /audit-records/$found.items[0].id/receipt
Then the answer is 404 "audit_record.not_found"
When mei gets /audit-records/nothing/receipt
Then the answer is 422 "input.invalid"
