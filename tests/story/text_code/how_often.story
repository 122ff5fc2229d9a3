Story: codes are asked for once a minute and five times an hour, whoever asks

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
When one posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 59 seconds pass
When two posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "recovery" }
Then the answer is 429 "text_code.too_soon"
And nothing was written and nothing was published
When 2 minutes pass
When one posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 minutes pass
When one posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 minutes pass
When one posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 minutes pass
When one posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 10 minutes pass
When two posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_soon"
When 50 minutes pass
When two posts /session/text-code from address 203.0.113.9
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
