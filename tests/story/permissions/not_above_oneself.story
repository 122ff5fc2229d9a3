Story: nobody rises by the edit of a role, by a group, or by what she holds elsewhere or only for a while

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "manager" with role.view, role.edit, staff.view, staff.edit, order.view, store_group.view, store_group.edit
And a role "viewer" with order.view
And a role "refunder" with order.refund
And li works at store "S1" as "manager"
And wang works at store "S1" as "viewer"
And zhou works at store "S2" as "viewer"
And wu works at store "S1" and may order.view
# Her own role first.
When li patches /roles/$role.manager
  { "permissions": ["role.view", "role.edit", "staff.view", "staff.edit", "order.view", "order.refund"], "version": 1 }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
# A right that she holds in S1 only is taken from, or given to, people of S2.
When li patches /roles/$role.viewer
  { "permissions": [], "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When li posts /roles/$role.viewer/preview
  { "permissions": ["order.view", "role.view"] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
# Herself at the other store.
When li puts /staff/$staff.li/grants
  { "version": 1, "grants": [ { "role_id": "$role.manager", "node_id": "$node.S1" },
                              { "role_id": "$role.viewer", "node_id": "$node.S2" } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When li puts /staff/$staff.li/grants
  { "version": 1, "grants": [ { "role_id": "$role.manager", "node_id": "$headquarters" } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
# A group of the other store.
When li posts /store-groups
  { "name": "mine", "node_ids": ["$node.S1", "$node.S2"] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When mei posts /store-groups
  { "name": "both", "node_ids": ["$node.S1", "$node.S2"] }
Then the answer is 201
And the answer is called "both"
When li puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.viewer", "group_id": "$both.id" } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
# What she has for an hour she cannot give for ever.
When mei puts /staff/$staff.li/grants
  { "version": 1, "grants": [ { "role_id": "$role.manager", "node_id": "$node.S1" },
      { "role_id": "$role.refunder", "node_id": "$node.S1", "valid_until": "2026-11-22T11:00:00.000Z" } ] }
Then the answer is 200
When li puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.refunder", "node_id": "$node.S1" } ] }
Then the answer is 403 "grant.outlasts_giver"
And nothing was written and nothing was published
When li puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.viewer", "node_id": "$node.S1" },
      { "role_id": "$role.refunder", "node_id": "$node.S1", "valid_until": "2026-11-22T11:00:00.000Z" } ] }
Then the answer is 200
