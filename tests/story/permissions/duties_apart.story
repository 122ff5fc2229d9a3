Story: two duties that are kept apart never meet in one person at one place

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "seller" with order.view, order.place
And a role "refunder" with order.refund
And wang works at store "S1" as "seller"
When mei posts /duty-pairs
  { "one": "order.place", "other": "order.refund" }
Then the answer is 201
And answer.in_conflict has no entries
And the answer is called "pair"
And "duty_pair.added" was recorded once by mei
When mei posts /duty-pairs
  { "one": "order.refund", "other": "order.place" }
Then the answer is 409 "duty_pair.exists"
And nothing was written and nothing was published
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.seller", "node_id": "$node.S1" },
                              { "role_id": "$role.refunder", "node_id": "$headquarters" } ] }
Then the answer is 409 "grant.duties_conflict"
And nothing was written and nothing was published
When mei patches /roles/$role.seller
  { "permissions": ["order.view", "order.place", "order.refund"], "version": 1 }
Then the answer is 409 "role.duties_conflict"
And nothing was written and nothing was published
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.seller", "node_id": "$node.S1" },
                              { "role_id": "$role.refunder", "node_id": "$node.S2" } ] }
Then the answer is 200
When mei deletes /duty-pairs/$pair.id
Then the answer is 204
And "duty_pair.removed" was recorded once by mei
