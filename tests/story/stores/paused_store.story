Story: a paused store takes no orders until it opens again

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
When mei patches /stores/$store.S1
  { "state": "paused", "version": 1 }
Then the answer is 200
When mei takes an order at store "S1": 1 "milk-tea"
Then the answer is 409 "order.unavailable"
And the answer complains about "store_id": "store.not_open"
And nothing was written and nothing was published
When mei patches /stores/$store.S1
  { "state": "open", "version": 2 }
Then the answer is 200
When mei takes an order at store "S1": 1 "milk-tea"
Then the answer is 201
