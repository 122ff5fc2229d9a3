Story: a product that is taken off can no longer be ordered, anywhere

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
When mei patches /products/$product.milk-tea
  { "state": "off", "version": 1 }
Then the answer is 200
And answer.state is off
And "product.edited" was recorded once by mei
When mei posts /orders with key "taken-off-1"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 409 "order.unavailable"
And the answer complains about "lines[0].spec_id": "order.spec_off"
And nothing was written and nothing was published
When mei patches /products/$product.milk-tea
  { "name": "old tea", "version": 1 }
Then the answer is 409 "product.stale"
And nothing was written and nothing was published
When mei gets /products?state=on
Then answer.total is 0
