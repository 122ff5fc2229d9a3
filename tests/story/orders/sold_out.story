Story: what is left is sold, and not one piece more

Given a tenant "tea" owned by mei
And a store "S1"
And a product "cake" of 20.00
And store "S1" has only 3 of "cake"
When mei takes an order at store "S1": 2 "cake"
Then the answer is 201
When mei takes an order at store "S1": 2 "cake"
Then the answer is 409 "order.sold_out"
And nothing was written and nothing was published
When mei takes an order at store "S1": 1 "cake" and 1 "cake"
Then the answer is 409 "order.sold_out"
And nothing was written and nothing was published
When mei takes an order at store "S1": 1 "cake"
Then the answer is 201
When mei gets /products/$product.cake?store_id=$store.S1
Then answer.specs[0].remaining is 0
