Story: who asks for somebody's codes all day long does not shut her own browser out

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
When laptop posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
And mei gets /mailbox
Then the answer is called "mail"
When laptop posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
When laptop deletes /session
And 2 minutes pass
And thief posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 200
When laptop posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 200
When mei gets /mailbox
Then the answer is called "mail"
When thief posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 429 "text_code.too_soon"
# Wrong codes of the stranger do not count against her browser either.
When thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "no-one" }
And thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "no-one" }
And thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "no-one" }
And thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "no-one" }
And thief posts /session/text-code/sign-in from address 203.0.113.9
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When laptop posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
