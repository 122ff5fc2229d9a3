Story: an order at a price that is no longer true is refused

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And store "S1" sells "milk-tea" at 11.00
When mei posts /orders with key "k-0000001"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 409 "order.price_changed"
And nothing was written and nothing was published
When mei posts /orders with key "k-0000001"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1100 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
And answer.total_fen is 1100
