Story: an order with a member counts for her, and no longer once it is cancelled

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And a member "zhao" with phone 13812345678
When mei posts /orders with key "k-0000001"
  { "store_id": "$store.S1", "mode": "dine_in", "member_id": "$member.zhao",
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 3, "option_ids": [] } ],
    "payment": { "tender": "external", "reference": "card 0815", "amount_fen": 3600 } }
Then the answer is 201
And answer.member.name is zhao
And answer.member.phone_masked is 138****5678
And the answer never says "13812345678"
And the answer is called "order"
When mei gets /members/$member.zhao
Then answer.orders_count is 1
And answer.spent_fen is 3600
When mei gets /orders?member_id=$member.zhao
Then answer.total is 1
When mei posts /orders/$order.id/cancel
  { "reason": "a mistake", "version": "$order.version" }
Then the answer is 200
When mei gets /members/$member.zhao
Then answer.orders_count is 0
And answer.spent_fen is 0
