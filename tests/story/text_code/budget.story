Story: a merchant's codes of a day are counted, and what strangers ask for phones of nobody is not

Given a tenant "tea" owned by mei
And a store "S1"
And the setting "identity.text_codes_of_merchant_max" is "10"
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": [] }
Then the answer is 201
When thief posts /session/text-code
  { "tenant_code": "tea", "phone": "13900000001", "purpose": "sign_in" }
Then the answer is 200
When chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
# The limit of one phone is lifted, so that one is enough to reach the merchant's.
Given the setting "identity.text_codes_per_day_max" is "50"
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 200
When 2 hours pass
And chen posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_many"
And nothing was written and nothing was published
And the server's log says "text_code.budget_spent"
When stranger posts /session/text-code
  { "tenant_code": "tea", "phone": "13900000002", "purpose": "sign_in" }
Then the answer is 429 "text_code.too_many"
