Story: a broker that is away loses nothing, and a paused destination catches up

Given a tenant "tea" owned by mei
And a store "S1"
And a category "Drinks"
And a product "milk-tea" of 12.00
When mei posts /destinations
  { "name": "ERP", "events": ["order.paid"] }
Then the answer is called "erp"
Given the broker is away
And mei took the order "first" at store "S1": 1 "milk-tea"
When mei gets /destinations
Then answer.items[0].state is "failing"
And answer.items[0].words is "the broker is away"
And the queue $erp.queue has taken ""
When mei patches /destinations/$erp.id
  { "active": false, "version": 1 }
Then the answer is 200
And answer.state is "paused"
And "destination.edited" was recorded once by mei
Given the broker takes everything
When 2 minutes pass
And mei patches /destinations/$erp.id
  { "active": true, "version": 1 }
Then the answer is 409 "destination.stale"
And nothing was written and nothing was published
When mei patches /destinations/$erp.id
  { "active": true, "version": 2 }
Then the answer is 200
And the queue $erp.queue has taken "order.paid"

# All of it once more, with the same ids.
When mei posts /destinations/$erp.id/replay
  { "from_at": "2026-11-01T00:00:00Z", "version": 3 }
Then the answer is 200
And "destination.replayed" was recorded once by mei
And the queue $erp.queue has taken "order.paid order.paid"
When mei deletes /destinations/$erp.id?version=4
Then the answer is 204
And "destination.removed" was recorded once by mei
And the queue $erp.queue has taken ""
