Story: events go to a queue of the merchant's own, and what it never takes is looked at and sent again

Given a tenant "tea" owned by mei
And a store "S1"
And a category "Drinks"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may destination.view
And li works at headquarters and may destination.view, order.view
When mei posts /destinations
  { "name": "ERP", "events": ["order.*"] }
Then the answer is 201
And "destination.created" was recorded once by mei
And answer.queue contains "hangu."
And the answer is called "erp"
Given mei took the order "first" at store "S1": 1 "milk-tea"
When mei gets /destinations
Then answer.items has 1 entry
And answer.items[0].state is "active"
And the queue $erp.queue has taken "order.placed order.paid"

# A place sees its own alone.
When wang gets /destinations
Then answer.items has no entries
When wang gets /destinations/$erp.id/dead-letters
Then the answer is 403 "permission.outside_scope"

# What stands behind a dead one of the same order waits; other orders go on.
Given the broker never takes "order.placed"
And mei took the order "second" at store "S1": 1 "milk-tea"
When mei gets /destinations
Then answer.items[0].state is "failing"
And answer.items[0].dead is 1
And answer.items[0].held is 1
When mei gets /notices
Then answer.items[0].kind is "destination.failing"
When mei gets /destinations/$erp.id/dead-letters
Then answer.items has 2 entries
And answer.items[0].event is "order.placed"
And answer.items[0].state is "dead"
And answer.items[0].words is "too large"
And answer.items[1].state is "held"
And the answer is called "letters"
When li gets /dead-letters/$letters.items[0].id
Then answer.may_read is true
And answer.payload contains "$second.number"
Given the broker takes everything
When mei posts /dead-letters/$letters.items[0].id/replay
Then the answer is 204
And "dead_letter.replayed" was recorded once by mei
And the queue $erp.queue has taken "order.placed order.paid order.placed order.paid"
When mei gets /destinations/$erp.id/dead-letters
Then answer.items has no entries
