Story: nobody can give what she does not hold

Given a tenant "tea" owned by mei
And a store "S1"
And a role "manager" with role.view, role.edit, staff.view, staff.edit, order.view
And a role "cashier" with order.view, order.refund
And li works at headquarters as "manager"
And wang works at store "S1" and may order.view
When li posts /roles
  { "name": "helper", "permissions": ["order.view", "order.refund"] }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
When li patches /roles/$role.manager
  { "permissions": ["role.edit", "order.refund"], "version": 1 }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
When li patches /staff/$staff.wang
  { "role_ids": ["$role.cashier"], "version": 1 }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
When li posts /staff
  { "name": "new", "login_name": "new", "node_id": "$node.S1", "role_ids": ["$role.cashier"] }
Then the answer is 403 "role.ceiling"
And nothing was written and nothing was published
When li posts /roles
  { "name": "watcher", "permissions": ["order.view"] }
Then the answer is 201
