Story: an order moves forward only, and only from what one has seen

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And mei took the order "order" at store "S1": 1 "milk-tea"
When mei posts /orders/$order.id/advance
  { "production": "accepted", "version": "$order.version" }
Then the answer is 200
And answer.production_state is accepted
And "order.advanced" was recorded once by mei
And "order.advanced" was published once
And the answer is called "accepted"
When mei posts /orders/$order.id/advance
  { "production": "making", "version": "$order.version" }
Then the answer is 409 "order.stale"
And nothing was written and nothing was published
When mei posts /orders/$order.id/advance
  { "production": "ready", "version": "$accepted.version" }
Then the answer is 200
And answer.fulfilment_state is called
And the answer is called "ready"
When mei posts /orders/$order.id/advance
  { "production": "making", "version": "$ready.version" }
Then the answer is 409 "order.not_advanceable"
And nothing was written and nothing was published
