Story: an order that was handed over is refunded whole, and its cake does not come back to the shelf

Given a tenant "tea" owned by mei
And a store "S1"
And a product "cake" of 20.00
And store "S1" has only 3 of "cake"
And wang works at store "S1" and may order.place, order.view, order.advance, order.cancel
And li works at store "S1" and may order.view, order.refund
And wang took the order "order" at store "S1": 1 "cake"
When wang posts /orders/$order.id/advance
  { "production": "handed_over", "version": "$order.version" }
Then the answer is 200
And answer.fulfilment_state is picked
And the answer is called "order"
When wang posts /orders/$order.id/cancel
  { "reason": "too late", "version": "$order.version" }
Then the answer is 409 "order.not_cancellable"
And nothing was written and nothing was published
When wang posts /orders/$order.id/refund
  { "reason": "it was dry", "version": "$order.version" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When li posts /orders/$order.id/refund
  { "reason": "it was dry", "version": "$order.version" }
Then the answer is 200
And answer.payment_state is refunded
And answer.production_state is handed_over
And answer.refunded_fen is 2000
And "order.refunded" was recorded once by li
And "order.refunded" was published once
And the answer is called "order"
When li posts /orders/$order.id/refund
  { "reason": "once more", "version": "$order.version" }
Then the answer is 409 "order.not_refundable"
And nothing was written and nothing was published
When mei gets /products/$product.cake?store_id=$store.S1
Then answer.specs[0].remaining is 2
