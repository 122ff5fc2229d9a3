Story: a phone number typed into the wrong place is not kept anywhere

Given a tenant "tea" owned by mei
When mei gets /members/13812345678
Then the answer is 422 "input.invalid"
When mei gets /members?13812345678=1
Then the answer is 422 "input.invalid"
And the answer never says "13812345678"
When mei posts /orders with key "13812345678"
  { "remark": "13812345678" }
Then the answer is 422 "input.invalid"
When the visits are written down
And mei gets /audit-records?limit=100
Then the answer says "member.view"
And the answer never says "13812345678"
And the files on disk never hold "13812345678"
