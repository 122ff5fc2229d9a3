Story: a member is changed by one person at a time, and the record tells what, masked

Given a tenant "tea" owned by mei
And a member "zhao" with phone 13812345678
When mei patches /members/$member.zhao
  { "birthday": "1990-02-28", "version": 1 }
Then the answer is 200
And answer.birthday is 1990-02-28
And "member.edited" was recorded once by mei
When mei patches /members/$member.zhao
  { "gender": "male", "version": 1 }
Then the answer is 409 "member.stale"
And nothing was written and nothing was published
When mei gets /audit-records?action=member.edited
Then the answer never says "1990-02-28"
