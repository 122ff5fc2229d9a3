Story: what a store does not offer cannot be ordered there

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "cake" of 20.00
And store "S2" does not sell "cake"
When mei posts /orders with key "k-0000001"
  { "store_id": "$store.S2", "mode": "retail", "payment": { "tender": "cash", "amount_fen": 2000 },
    "lines": [ { "spec_id": "$spec.cake", "quantity": 1, "option_ids": [] } ] }
Then the answer is 409 "order.unavailable"
And the answer complains about "lines[0].spec_id": "order.spec_off"
And nothing was written and nothing was published
When mei takes an order at store "S1": 1 "cake"
Then the answer is 201
