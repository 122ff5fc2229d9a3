Story: a store may have its own price; the others keep the merchant's

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may product.view, product.store_price
When wang puts /stores/$store.S1/specs/$spec.milk-tea
  { "price_fen": 1000, "available": true, "remaining": null }
Then the answer is 200
And "product.store_price_set" was recorded once by wang
When wang gets /products?store_id=$store.S1
Then answer.items[0].price_fen is 1000
When mei gets /products?store_id=$store.S2
Then answer.items[0].price_fen is 1200
When mei gets /products/$product.milk-tea?store_id=$store.S1
Then answer.specs[0].price_fen is 1000
And answer.specs[0].base_price_fen is 1200
When wang puts /stores/$store.S2/specs/$spec.milk-tea
  { "price_fen": 1, "available": true, "remaining": null }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang puts /stores/$store.S1/specs/$spec.milk-tea
  { "price_fen": -1, "available": true, "remaining": null }
Then the answer is 422 "input.invalid"
And the answer complains about "price_fen": "field.out_of_range"
When mei takes an order at store "S1": 1 "milk-tea"
Then the answer is 201
And answer.total_fen is 1000
