Story: an order that nobody began to make is cancelled: the money goes back and so does the stock

Given a tenant "tea" owned by mei
And a store "S1"
And a product "cake" of 20.00
And store "S1" has only 3 of "cake"
And wang works at store "S1" and may order.place, order.view, order.cancel
And wang took the order "order" at store "S1": 2 "cake"
When wang posts /orders/$order.id/cancel
  { "reason": "changed her mind", "version": "$order.version" }
Then the answer is 200
And answer.payment_state is refunded
And answer.production_state is rejected
And answer.fulfilment_state is cancelled
And answer.refunded_fen is 4000
And answer.refunds[0].amount_fen is 4000
And answer.refunds[0].reason is "changed her mind"
And answer.refunds[0].by is wang
And "order.cancelled" was recorded once by wang
And "order.cancelled" was published once
When wang posts /orders/$order.id/cancel
  { "reason": "again", "version": "$answer.version" }
Then the answer is 409 "order.not_cancellable"
And nothing was written and nothing was published
When mei gets /products/$product.cake?store_id=$store.S1
Then answer.specs[0].remaining is 3
