Story: a role that someone holds cannot be removed

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
And a role "nobody has it" with order.view
And wang works at store "S1" as "clerk"
When mei gets /roles
Then the answer is 200
And answer.items has 3 entries
When mei deletes /roles/$role.clerk?version=1
Then the answer is 409 "role.in_use"
And nothing was written and nothing was published
When mei patches /staff/$staff.wang
  { "role_ids": [], "version": 1 }
Then the answer is 200
When mei deletes /roles/$role.clerk?version=1
Then the answer is 204
And "role.removed" was recorded once by mei
When wang gets /orders
Then the answer is 403 "permission.denied"
