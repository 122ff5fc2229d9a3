Story: a member's phone is shown masked; the whole number only with a reason, and that is recorded

Given a tenant "tea" owned by mei
And a store "S1"
And a member "zhao" with phone 13812345678
And wang works at store "S1" and may member.view
And li works at store "S1" and may member.view, member.reveal_phone
When wang gets /members/$member.zhao
Then the answer is 200
And answer.phone_masked is 138****5678
And the answer never says "13812345678"
When wang gets /members
Then answer.total is 1
And the answer never says "13812345678"
When wang posts /members/$member.zhao/phone
  { "reason": "curious" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When li posts /members/$member.zhao/phone
  { "reason": "x" }
Then the answer is 422 "input.invalid"
And nothing was written and nothing was published
When li posts /members/$member.zhao/phone
  { "reason": "she forgot her card" }
Then the answer is 200
And answer.phone contains 13812345678
And "member.phone_revealed" was recorded once by li
When mei gets /audit-records?action=member.phone_revealed
Then answer.total is 1
And the answer says "she forgot her card"
And the answer never says "13812345678"
And the files on disk never hold "13812345678"
