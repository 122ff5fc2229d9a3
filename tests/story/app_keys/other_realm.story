Story: an application key opens the routes made for applications, within its rights, and no others

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And an application "till" that may product.view, order.place, order.view, staff.view, member.view at "S1"
When till gets /products?store_id=$store.S1
Then the answer is 200
And answer.total is 1
When till gets /staff
Then the answer is 403 "realm.wrong"
And nothing was written and nothing was published
When till gets /session
Then the answer is 403 "realm.wrong"
When till posts /orders with key "till-0001"
  { "store_id": "$store.S1", "mode": "pick_up", "payment": { "tender": "external", "reference": "app", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 201
And "order.placed" was recorded once by till
And the answer is called "order"
When till gets /orders/$order.id
Then the answer is 200
