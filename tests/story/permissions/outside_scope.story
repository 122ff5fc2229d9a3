Story: a person of one store neither sees nor touches another

Given a tenant "tea" owned by mei
And a region "North"
And a store "S1" in region "North"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.view, order.place, order.cancel, store.view, store.edit
And li works at region "North" and may order.view, store.view
And mei took the order "far" at store "S2": 1 "milk-tea"
And mei took the order "near" at store "S1": 1 "milk-tea"
When wang gets /orders
Then answer.total is 1
And answer.items[0].id is $near.id
When wang gets /orders/$far.id
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang posts /orders/$far.id/cancel
  { "reason": "not mine", "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang posts /orders with key "far-away-1"
  { "store_id": "$store.S2", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang patches /stores/$store.S2
  { "name": "mine now", "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang gets /stores
Then answer.total is 1
And answer.items[0].code is S1
When li gets /stores
Then answer.total is 1
And the answer never says "S2"
When li gets /orders
Then answer.total is 1
