Story: where no text messages are sent nobody can ask for one

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Chen", "login_name": "chen", "phone": "13812345678", "node_id": "$node.S1", "role_ids": ["$role.clerk"] }
Then the answer is 201
And the answer is called "chen"
Given the setting "notify.text_sender" is "none"
When phone gets /session/ways
Then answer.text is false
When phone posts /session/text-code
  { "tenant_code": "tea", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 503 "text_code.off"
And nothing was written and nothing was published
