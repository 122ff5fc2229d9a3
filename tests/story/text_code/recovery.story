Story: who forgot her password wins the account back by a code, and whoever else was in is out

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 200
And "recovery.begun" was recorded once
When mei gets /mailbox
Then the answer is called "mail"
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
When phone posts /session/password
  { "new_password": "Stille-Wasser-9" }
Then the answer is 204
When laptop signs in as chen of "tea" with password "Stille-Wasser-9"
Then the answer is 200
# Asking changes nothing yet.
When 2 minutes pass
When thief posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 200
When laptop gets /orders
Then the answer is 200
When laptop gets /notices
Then answer.items[0].kind is "recovery.begun"
When 2 minutes pass
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
When mei gets /mailbox
Then the answer is called "mail"
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
When phone posts /session/password
  { "new_password": "Helle-Sterne-8" }
Then the answer is 204
When laptop gets /orders
Then the answer is 401 "session.required"
When laptop signs in as chen of "tea" with password "Stille-Wasser-9"
Then the answer is 401 "session.refused"
When laptop signs in as chen of "tea" with password "Helle-Sterne-8"
Then the answer is 200
