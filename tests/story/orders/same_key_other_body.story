Story: a key that was used for another order is refused

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place
When mei posts /orders with key "till-1-00042"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
When mei posts /orders with key "till-1-00042"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 2400 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 2, "option_ids": [] } ] }
Then the answer is 409 "idempotency.mismatch"
And nothing was written and nothing was published
When mei posts /orders
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 422 "idempotency.required"
And nothing was written and nothing was published
When wang posts /orders with key "till-1-00042"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
And "order.placed" was recorded once by wang
