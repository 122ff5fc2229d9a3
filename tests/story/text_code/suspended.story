Story: who was suspended gets no code, and one she has opens nothing

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When mei gets /mailbox
Then the answer is called "mail"
When mei posts /staff/$chen.staff.id/suspend
  { "version": "$chen.staff.version" }
Then the answer is 200
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 401 "text_code.wrong"
When 2 minutes pass
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 200
When mei gets /mailbox
Then answer.items has 1 entry
