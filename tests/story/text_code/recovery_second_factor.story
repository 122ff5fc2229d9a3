Story: winning an account back does not pass by the second factor

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
When mei gets /mailbox
Then the answer is called "mail"
When chen posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
Given chen uses an authenticator app
When 2 minutes pass
When thief posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
When mei gets /mailbox
Then the answer is called "mail"
When thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "$mail.items[0].content" }
Then the answer is 401 "second_factor.required"
When thief posts /session/password
  { "new_password": "Stille-Wasser-9" }
Then the answer is 401 "session.required"
When thief posts /session/second-factor from address 203.0.113.9
  { "code": "000000" }
Then the answer is 401 "second_factor.wrong"
When 2 minutes pass
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
When mei gets /mailbox
Then the answer is called "mail"
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 401 "second_factor.required"
When phone posts /session/second-factor
  { "code": "$recovery" }
Then the answer is 200
When phone posts /session/password
  { "new_password": "Stille-Wasser-9" }
Then the answer is 204
