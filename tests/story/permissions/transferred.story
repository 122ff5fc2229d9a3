Story: who is transferred keeps nothing of the old place

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "chief" with order.view, product.view, app_key.view, app_key.edit
And a role "clerk" with order.view
And wang works at store "S1" as "chief"
When wang posts /app-keys
  { "name": "till", "permissions": ["order.view"], "node_id": "$node.S1" }
Then the answer is 201
When mei posts /staff/$staff.wang/transfer
  { "node_id": "$node.S2", "role_ids": ["$role.clerk"], "version": 1 }
Then the answer is 200
And answer.staff.node_name is "Store S2"
And answer.ended.sessions is 1
And answer.ended.grants is 1
And answer.ended.keys is 1
And "staff.transferred" was recorded once by mei
When wang gets /orders
Then the answer is 401 "session.required"
When mei posts /staff/$staff.mei/transfer
  { "node_id": "$node.S2", "role_ids": [], "version": 1 }
Then the answer is 409 "staff.not_yourself"
And nothing was written and nothing was published
