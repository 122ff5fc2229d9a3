Story: the last owner can neither be suspended nor lose her role

Given a tenant "tea" owned by mei
And a store "S1"
When mei gets /staff/$staff.mei
Then the answer is 200
And the answer is called "owner"
When mei posts /staff/$staff.mei/suspend
  { "version": "$owner.version" }
Then the answer is 409
And nothing was written and nothing was published
When mei patches /staff/$staff.mei
  { "role_ids": [], "version": "$owner.version" }
Then the answer is 409 "role.last_owner"
And nothing was written and nothing was published
When mei patches /roles/$owner.roles[0].id
  { "permissions": [], "version": 1 }
Then the answer is 403
And nothing was written and nothing was published
