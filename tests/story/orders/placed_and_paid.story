Story: a counter order is paid at once

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00 with topping "pearl" of 2.00
And wang works at store "S1" and may order.place, order.view
When wang posts /orders with key "k-0000001"
  { "store_id": "$store.S1", "mode": "pick_up", "remark": "no straw",
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": ["$option.pearl"] } ],
    "payment": { "tender": "cash", "amount_fen": 1400 } }
Then the answer is 201
And answer.total_fen is 1400
And answer.payment_state is paid
And answer.production_state is received
And answer.pick_up_number is A001
And answer.business_day is 2026-11-22
And answer.lines[0].options[0].name is pearl
And answer.payments[0].amount_fen is 1400
And answer.placed_by.name is wang
And answer.remark is "no straw"
And "order.placed" was recorded once by wang
And "order.paid" was recorded once by wang
And "order.placed" was published once
And "order.paid" was published once
And the answer is called "order"
When wang gets /orders/$order.id
Then the answer is 200
And answer.total_fen is 1400
And answer.number is $order.number
When wang gets /orders
Then answer.total is 1
And answer.items[0].id is $order.id
