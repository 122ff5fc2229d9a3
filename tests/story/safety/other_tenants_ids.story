Story: the ids of another merchant lead nowhere, and nothing of it shows

Given a tenant "tea" owned by mei
And a store "TEA-1"
And a product "milk-tea" of 12.00
And a member "zhao" with phone 13812345678
And a role "teaclerk" with order.view
And wang works at store "TEA-1" as "teaclerk"
And mei took the order "order" at store "TEA-1": 1 "milk-tea"
And an application "till" that may product.view at headquarters
And a tenant "coffee" owned by tom
And a store "COF-1"
And a product "latte" of 15.00
When tom gets /orders/$order.id
Then the answer is 404 "order.not_found"
And the answer never says "TEA-1"
When tom posts /orders/$order.id/refund
  { "reason": "mine now", "version": 1 }
Then the answer is 404 "order.not_found"
And nothing was written and nothing was published
When tom gets /members/$member.zhao
Then the answer is 404 "member.not_found"
When tom posts /members/$member.zhao/phone
  { "reason": "just looking" }
Then the answer is 404 "member.not_found"
And nothing was written and nothing was published
When tom gets /members?phone=13812345678
Then answer.total is 0
When tom gets /stores/$store.TEA-1
Then the answer is 404 "store.not_found"
When tom gets /staff/$staff.wang
Then the answer is 404 "staff.not_found"
When tom patches /roles/$role.teaclerk
  { "name": "stolen", "version": 1 }
Then the answer is 404 "role.not_found"
And nothing was written and nothing was published
When tom patches /products/$product.milk-tea
  { "name": "stolen", "version": 1 }
Then the answer is 404 "product.not_found"
And nothing was written and nothing was published
When tom deletes /app-keys/$key.till
Then the answer is 404 "app_key.not_found"
And nothing was written and nothing was published
When tom posts /orders with key "k-0000001"
  { "store_id": "$store.COF-1", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 409 "order.unavailable"
And the answer complains about "lines[0].spec_id": "order.spec_unknown"
And the answer never says "milk-tea"
And nothing was written and nothing was published
When tom posts /orders with key "k-0000002"
  { "store_id": "$store.COF-1", "mode": "pick_up", "member_id": "$member.zhao", "payment": { "tender": "cash", "amount_fen": 1500 },
    "lines": [ { "spec_id": "$spec.latte", "quantity": 1, "option_ids": [] } ] }
Then the answer is 404 "member.not_found"
And nothing was written and nothing was published
When tom gets /orders
Then answer.total is 0
When tom gets /audit-records?limit=100
Then the answer never says "tea"
And the answer never says "zhao"
