Story: who finds an open screen can look around, and gives nobody a right, a key or a way in

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And a role "clerk" with order.view
And wang works at store "S1" and may order.view
And thief has a copy of mei's cookie
When 6 minutes pass
And thief gets /orders
Then the answer is 200
When thief posts /roles
  { "name": "thief", "permissions": ["order.view"] }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief patches /roles/$role.clerk
  { "permissions": ["order.view", "order.refund"], "version": 1 }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.clerk", "node_id": "$headquarters" } ] }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /staff
  { "name": "Mallory", "login_name": "mallory", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /staff/$staff.wang/sign-in-link
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /app-keys
  { "name": "backdoor", "permissions": ["order.view"] }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /audit-exports
  { "format": "csv" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /approvals/0000000000001/decide
  { "verdict": "approve", "reason": "why not", "version": 1 }
Then the answer is 403 "session.step_up_required"
When thief posts /disclosures/0000000000001/take
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
# What takes rights away has to be quick.
When mei posts /staff/$staff.wang/suspend
  { "version": 1 }
Then the answer is 200
And the answer is called "suspended"
When mei posts /staff/$staff.wang/resume
  { "version": "$suspended.version" }
Then the answer is 403 "session.step_up_required"
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei posts /roles
  { "name": "helper", "permissions": ["order.view"] }
Then the answer is 201
And "role.created" was recorded once by mei
When thief gets /session
Then the answer is 401 "session.required"
# A proof is good for five minutes, not for a day.
When 6 minutes pass
And mei posts /roles
  { "name": "another", "permissions": ["order.view"] }
Then the answer is 403 "session.step_up_required"
