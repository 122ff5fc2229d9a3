Story: the platform's own people get no codes by text message

Given a tenant "tea" owned by mei
And kim runs the platform
Given phone sits before the platform's console
When phone gets /session/ways
Then answer.text is false
And answer.platform is true
When phone posts /session/text-code
  { "tenant_code": "platform", "phone": "13812345678", "purpose": "sign_in" }
Then the answer is 503 "text_code.off"
And nothing was written and nothing was published
When mei gets /session/ways
Then answer.platform is false
