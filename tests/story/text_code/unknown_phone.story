Story: nothing tells a phone that somebody has from one that nobody has

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When known posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
And the answer is called "first"
When unknown posts /session/text-code
  { "tenant_code": "tea", "phone": "13900000000", "purpose": "sign_in" }
Then the answer is 200
And the answer is the same as $first
When nowhere posts /session/text-code
  { "tenant_code": "nobody", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
And the answer is the same as $first
When nowhere posts /session/text-code
  { "tenant_code": "nobody", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_soon"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.wrong"
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.expired"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 401 "text_code.expired"
When known posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_soon"
When unknown posts /session/text-code
  { "tenant_code": "tea", "phone": "13900000000", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_soon"
When 1 minute passes
When known posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When unknown posts /session/text-code
  { "tenant_code": "tea", "phone": "13900000000", "purpose": "sign_in" }
Then the answer is 200
# Five wrong ones within 15 minutes, over all askings; then nobody is listened to for a while.
When known posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 429 "session.throttled"
When unknown posts /session/text-code/sign-in
  { "code": "no-one" }
Then the answer is 429 "session.throttled"
When mei gets /mailbox
Then answer.items has 2 entries
