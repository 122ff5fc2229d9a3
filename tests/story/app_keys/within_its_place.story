Story: a key of one store works for that store, and nobody gives a key more than she holds

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And an application "till" that may product.view, order.place at "S1"
And wang works at store "S1" and may app_key.view, app_key.edit, product.view
When till posts /orders with key "till-0001"
  { "store_id": "$store.S2", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang posts /app-keys
  { "name": "mine", "permissions": ["product.view", "order.place"], "node_id": "$node.S1" }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
When wang posts /app-keys
  { "name": "mine", "permissions": ["product.view"], "node_id": "$node.S2" }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang posts /app-keys
  { "name": "mine", "permissions": ["product.view"], "node_id": "$node.S1" }
Then the answer is 201
And "app_key.created" was recorded once by wang
