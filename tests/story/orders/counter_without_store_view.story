Story: who may take orders but not look at stores is offered the stores where she may

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.place, product.view
When wang gets /stores
Then the answer is 403 "permission.denied"
When wang gets /order-stores
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].code is S1
And the answer never says "S2"
When wang takes an order at store "S1": 1 "milk-tea"
Then the answer is 201
