Story: the same request with the same key makes one order, however often it is sent

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
When mei posts /orders with key "till-1-00042"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
And the answer is called "first"
When mei posts /orders with key "till-1-00042"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
And the answer is the same as $first
And the header "Idempotency-Replayed" is "true"
And nothing was written and nothing was published
