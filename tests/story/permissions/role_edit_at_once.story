Story: when a role changes, the people who hold it feel it with their next request

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
And wang works at store "S1" as "clerk"
When wang gets /orders
Then the answer is 200
When wang gets /members
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When mei gets /roles
Then the answer is 200
When mei patches /roles/$role.clerk
  { "permissions": ["member.view"], "version": 1 }
Then the answer is 200
And answer.permissions is ["member.view"]
And "role.edited" was recorded once by mei
When wang gets /members
Then the answer is 200
When wang gets /orders
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When mei patches /roles/$role.clerk
  { "permissions": ["order.view"], "version": 1 }
Then the answer is 409 "role.stale"
And nothing was written and nothing was published
