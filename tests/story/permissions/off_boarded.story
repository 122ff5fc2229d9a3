Story: who leaves takes nothing along: sessions, grants, the keys she made and the live events end at once

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And a role "chief" with order.view, product.view, app_key.view, app_key.edit
And wang works at store "S1" as "chief"
When wang posts /app-keys
  { "name": "backdoor", "permissions": ["product.view"], "node_id": "$node.S1" }
Then the answer is 201
When wang listens to the live events
Then the answer is 200
When mei gets /staff/$staff.wang/holdings
Then the answer is 200
And answer.sessions is 1
And answer.grants is 1
And answer.keys is 1
When mei posts /staff/$staff.wang/leave
  { "version": 1 }
Then the answer is 200
And "staff.left" was recorded once by mei
And "app_key.revoked" was recorded once by mei
When mei takes an order at store "S1": 1 "milk-tea"
Then wang's live events have ended
When wang gets /orders
Then the answer is 401 "session.required"
When mei gets /staff/$staff.wang/holdings
Then answer.sessions is 0
And answer.grants is 0
And answer.keys is 0
