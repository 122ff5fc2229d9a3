Story: a code by text message signs its owner in, once, in the browser that asked for it

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When stranger gets /session/ways
Then answer.text is true
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "138 1234 5678", "purpose": "sign_in" }
Then the answer is 200
And answer.wait_seconds is 60
And answer.lifetime_seconds is 300
And "session.code_asked" was recorded once
When mei gets /mailbox
Then answer.items[0].phone is "138****5678"
And the answer is called "mail"
When thief posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 401 "text_code.expired"
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 200
And answer.staff.login_name is "chen"
And answer.permissions contains order.view
When phone gets /orders
Then the answer is 200
When phone gets /session/safety
Then answer.sign_ins[0].method is "text"
# It works once, and a session of it does not set a password without the present one.
When phone posts /session/text-code/sign-in
  { "code": "$mail.items[0].content" }
Then the answer is 401 "text_code.expired"
When phone posts /session/password
  { "new_password": "Stille-Wasser-9" }
Then the answer is 422 "input.invalid"
And the files on disk never hold "13812345678"
